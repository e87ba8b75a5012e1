/** The widget panel: an accordion with one flap per level. Cards are kept by id, so that adding one draws one. */
import { send } from '../bus.js';
import { element, icon } from '../html.js';
import { lit as mark } from '../linking/samples.js';
import { toast } from '../toast.js';
import { Card } from './card.js';
import { Dragging } from './drag.js';
import { GroupCard } from './group.js';
import { neighbourOf, seated } from './order.js';
import { saveReport } from './reporting.js';
import { Wire } from './wire.js';

/**
 * @typedef {{id: string, level: string, question: string, data: string, tool: string, uoa: string, title: string,
 *   icon: string, where: string, color: string}} Slot
 * @typedef {import('./group.js').Group} Group
 * @typedef {{level: string, title: string, hint: string}} Section
 * @typedef {{flap: HTMLElement, head: HTMLElement, body: HTMLElement, count: HTMLElement, empty: HTMLElement}} Flap
 */

const NEAR = '1200px'; // how far from the window a widget is asked for

export class WidgetPanel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.wire = new Wire();
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    /** @type {Map<string, GroupCard>} */
    this.groups = new Map();
    /** @type {Map<string, Flap>} */
    this.flaps = new Map();
    /** @type {Slot[]} */
    this.slots = [];
    /** @type {import('./order.js').Seated[]} */
    this.seats = [];
    /** @type {Section[]} */
    this.sections = [];
    /** @type {{store: string, version: string, checkpoint: number | string}} */
    this.about = { store: '', version: '', checkpoint: '' };
    /** @type {(import('../linking/samples.js').Lit & {name: string}) | null} the selection that is marked */
    this.marked = null;
    root.setAttribute('role', 'region');
    root.setAttribute('aria-label', 'Widgets');
    this.near = new IntersectionObserver((entries) => this.approached(entries), { root: root.parentElement, rootMargin: NEAR });
    this.dragging = new Dragging(this);
    this.count = element('span', { class: 'count' }, '0');
    this.actions = element('div', { class: 'panel-actions' });
    root.append(element('div', { class: 'panel-head' }, element('h2', {}, 'Widgets'), this.count, this.actions));
  }

  /** @param {{slots: Slot[], groups: Group[], lit: any, about?: {store: string, version: string, checkpoint: number | string}, sections: Section[]}} properties */
  update({ slots = [], groups = [], lit, about, sections }) {
    if (!this.flaps.size) for (const section of sections) this.addFlap(section);
    this.sections = sections;
    this.about = about ?? this.about;
    this.root.dataset.checkpoint = String(this.about.checkpoint); // what the bar waits for while it plays
    const before = this.slots;
    this.slots = slots;
    this.seats = seated(slots, groups);
    this.updateGroups(groups, () => this.updateCards(slots));
    for (const [level, flap] of this.flaps) this.fill(level, flap);
    this.drawHead();
    if (lit !== this.marked) mark(lit);
    this.marked = lit;
    this.bringForth(before, slots);
  }

  /** Cards come and go after groups have let go of theirs, and before groups take new ones. @param {Group[]} groups @param {() => void} updateCards */
  updateGroups(groups, updateCards) {
    const known = new Set(groups.map(({ id }) => id));
    for (const [id, group] of this.groups) {
      if (known.has(id)) continue;
      group.destroy();
      this.groups.delete(id);
    }
    updateCards();
    for (const group of groups) {
      const card = this.groups.get(group.id) ?? new GroupCard(group.id, this);
      this.groups.set(group.id, card);
      card.update(group, group.members.map((id) => this.card(id)));
    }
  }

  /** @param {Slot[]} slots */
  updateCards(slots) {
    const ids = new Set(slots.map(({ id }) => id));
    for (const [id, card] of this.cards) {
      if (ids.has(id)) continue;
      this.near.unobserve(card.root);
      card.destroy();
      this.cards.delete(id);
    }
    for (const slot of slots) {
      const card = this.cards.get(slot.id) ?? new Card(slot.id, this);
      if (!this.cards.has(slot.id)) this.near.observe(card.root);
      this.cards.set(slot.id, card);
      card.want(slot);
    }
  }

  /** @param {string} id */
  card(id) {
    return /** @type {Card} */ (this.cards.get(id));
  }

  /** @param {IntersectionObserverEntry[]} entries */
  approached(entries) {
    for (const { isIntersecting, target } of entries) {
      if (!isIntersecting) continue;
      this.near.unobserve(target);
      this.cards.get(/** @type {HTMLElement} */ (target).dataset.id ?? '')?.approach();
    }
  }

  /** A new widget opens its flap and comes into sight. @param {Slot[]} before @param {Slot[]} slots */
  bringForth(before, slots) {
    const known = new Set(before.map(({ id }) => id));
    const added = slots.filter(({ id }) => !known.has(id));
    if (this.filled && added.length === 1) {
      this.toggle(added[0].level, true);
      this.card(added[0].id).seat.element.scrollIntoView({ block: 'nearest' });
    }
    this.filled = true;
  }

  /* ---- flaps */

  /** @param {Section} section */
  addFlap({ level, title, hint }) {
    const count = element('span', { class: 'count' }, '0');
    const body = element('div', { class: 'flap-body', id: `flap-${level}` });
    const empty = element('p', { class: 'empty' }, hint);
    const head = element(
      'button',
      { type: 'button', class: 'flap-head', 'aria-expanded': 'true', 'aria-controls': `flap-${level}`, click: () => this.toggle(level) },
      icon('chevron-down'), element('span', { class: 'level' }, level), element('span', {}, title), count,
    );
    const flap = element('div', { class: 'flap' }, element('h2', {}, head), body);
    this.flaps.set(level, { flap, head, body, count, empty });
    this.root.append(flap);
  }

  /** @param {string} level @param {Flap} flap */
  fill(level, { body, count, empty }) {
    const roots = this.seats.filter((seat) => seat.level === level).map(({ id }) => this.groups.get(id)?.root ?? this.card(id).seat.element);
    arrange(body, roots.length ? roots : [empty]);
    count.textContent = String(this.slots.filter((slot) => slot.level === level).length);
  }

  /** @param {string} level @param {boolean} open */
  toggle(level, open = !this.isOpen(level)) {
    const flap = this.flaps.get(level);
    if (!flap) return;
    flap.body.hidden = !open;
    flap.head.setAttribute('aria-expanded', String(open));
    this.drawHead();
  }

  /** @param {string} level */
  isOpen(level) {
    return !this.flaps.get(level)?.body.hidden;
  }

  /* ---- head */

  drawHead() {
    const { length } = this.slots;
    this.count.textContent = String(length);
    this.actions.hidden = !length;
    const open = [...this.flaps.keys()].some((level) => this.isOpen(level));
    const held = this.actions.contains(document.activeElement) ? [...this.actions.children].indexOf(/** @type {Element} */ (document.activeElement)) : -1;
    this.actions.replaceChildren(
      action('report', 'Report', 'Save everything that the panel shows as one file', ({ currentTarget }) => saveReport(this, /** @type {HTMLElement} */ (currentTarget))),
      action(open ? 'fold' : 'fold-up', open ? 'Collapse all' : 'Expand all', '', () => this.toggleAll(!open)),
      action('x', 'Close all', '', () => this.close(this.slots.map(({ id }) => id))),
    );
    /** @type {HTMLElement | undefined} */ (this.actions.children[held])?.focus();
  }

  /** @param {boolean} open */
  toggleAll(open) {
    for (const level of this.flaps.keys()) this.toggle(level, open);
  }

  /* ---- closing, and taking it back */

  /** Close widgets, and offer to take it back. @param {string[]} ids */
  close(ids) {
    const lost = { type: 'put', widgets: ids.map((id) => this.kept(id)), groups: this.groupsOf(ids) };
    const [only] = ids;
    const text = ids.length === 1 ? `${this.card(only).about.title} is closed` : `${ids.length} widgets are closed`;
    for (const id of ids) send({ type: 'remove', id });
    toast(text, { label: 'Undo', act: () => send(lost) });
  }

  /** @param {string} id */
  ungroup(id) {
    const lost = { type: 'put', widgets: [], groups: [this.groups.get(id)?.group] };
    send({ type: 'ungroup', id });
    toast('The group is taken apart', { label: 'Undo', act: () => send(lost) });
  }

  /** Return a widget's specification and before which other it stands. @param {string} id */
  kept(id) {
    const at = this.slots.findIndex((slot) => slot.id === id);
    return { widget: JSON.parse(this.slots[at].question).widget, before: this.slots[at + 1]?.id ?? null };
  }

  /** @param {string[]} ids */
  groupsOf(ids) {
    return [...this.groups.values()].map(({ group }) => group).filter(({ members }) => members.some((member) => ids.includes(member)));
  }

  /* ---- places */

  /** Return the widget at whose place a card or group stands. @param {string} id */
  firstOf(id) {
    return this.groups.get(id)?.group.members[0] ?? id;
  }

  /** @param {string} id */
  isMember(id) {
    return Boolean(this.cards.get(id)?.group);
  }

  /** Return before which widget something comes that is put beside a card or group. @param {string} id @param {'before' | 'after'} side @returns {string | null} */
  before(id, side) {
    const flap = this.seats.filter(({ level }) => level === this.seats.find((seat) => seat.id === id)?.level);
    const at = flap.findIndex((seat) => seat.id === id) + (side === 'after' ? 1 : 0);
    return flap[at]?.first ?? null;
  }

  /** Return what a card can be grouped with. @param {string} id */
  partners(id) {
    const others = this.seats.filter((seat) => seat.id !== id);
    return others.map((seat) => ({ title: this.groups.get(seat.id)?.title ?? nameOf(this.card(seat.id)), onto: seat.first }));
  }

  /** Return the entries of a menu that move a card or group. @param {string} id */
  steps(id) {
    return /** @type {const} */ ([-1, 1]).flatMap((step) => {
      const before = neighbourOf(this.seats, id, step);
      if (before === undefined) return [];
      const choose = () => send({ type: 'move', id: this.firstOf(id), before });
      return [{ title: step < 0 ? 'Move up' : 'Move down', icon: step < 0 ? 'arrow-up' : 'arrow-down', choose }];
    });
  }

  destroy() {
    for (const group of this.groups.values()) group.destroy();
    for (const card of this.cards.values()) card.destroy();
    this.near.disconnect();
    this.wire.destroy();
  }
}

/** @param {Card} card */
const nameOf = ({ about }) => `${about.title} · ${about.where}`;

/** @param {string} name @param {string} label @param {string} title @param {(event: PointerEvent) => unknown} click */
const action = (name, label, title, click) => element('button', { type: 'button', class: 'small-button', title: title || label, 'aria-label': label, click }, icon(name), element('span', {}, label));

/** Put nodes in order with as few moves as possible; what moves keeps its focus. @param {HTMLElement} parent @param {HTMLElement[]} nodes */
function arrange(parent, nodes) {
  const focused = /** @type {HTMLElement | null} */ (document.activeElement);
  const wanted = new Set(nodes);
  for (const child of [...parent.children]) if (!wanted.has(/** @type {HTMLElement} */ (child))) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
  if (focused !== document.activeElement && parent.contains(focused)) focused?.focus({ preventScroll: true });
}
