/** The widget panel: an accordion with one flap per level. Cards are kept by id, so that adding one draws one. */
import { element, icon } from '../html.js';
import { lit } from '../linking/samples.js';
import { Card } from './card.js';
import { Wire } from './wire.js';

/** @typedef {{id: string, level: string, question: string, data: string}} Slot */
/** @typedef {{id: string, members: string[], common: boolean, merged: boolean}} Group */

export class WidgetPanel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    this.wire = new Wire();
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    /** @type {Map<string, {flap: HTMLElement, body: HTMLElement, count: HTMLElement, empty: HTMLElement}>} */
    this.flaps = new Map();
    /** @type {import('../linking/samples.js').Lit | null} */
    this.selection = null;
    root.setAttribute('role', 'region');
    root.setAttribute('aria-label', 'Widgets');
  }

  /** @param {{slots: Slot[], groups: Group[], lit: import('../linking/samples.js').Lit | null, sections: {level: string, title: string, hint: string}[]}} properties */
  update({ slots = [], lit: selection = null, sections }) {
    if (selection !== this.selection) lit((this.selection = selection));
    if (!this.flaps.size) for (const section of sections) this.addFlap(section);
    const ids = new Set(slots.map(({ id }) => id));
    for (const [id, card] of this.cards) {
      if (ids.has(id)) continue;
      card.destroy();
      this.cards.delete(id);
    }
    for (const slot of slots) {
      if (!this.cards.has(slot.id)) this.cards.set(slot.id, new Card(slot.id, this.wire));
      this.cards.get(slot.id).want(slot);
    }
    for (const [level, flap] of this.flaps) {
      const cards = slots.filter((slot) => slot.level === level).map(({ id }) => this.cards.get(id).root);
      arrange(flap.body, cards.length ? cards : [flap.empty]);
      flap.count.textContent = String(cards.length);
    }
    this.open(slots);
  }

  /** A new widget opens its flap and comes into sight. @param {Slot[]} slots */
  open(slots) {
    const newest = slots[0];
    if (newest && newest.id !== this.newest && this.known) {
      this.toggle(newest.level, true);
      this.cards.get(newest.id).root.scrollIntoView({ block: 'nearest' });
    }
    this.known = true;
    this.newest = newest?.id;
  }

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
    this.flaps.set(level, { flap, body, count, empty });
    this.root.append(flap);
  }

  toggle(level, open = !this.isOpen(level)) {
    const { flap, body } = this.flaps.get(level);
    body.hidden = !open;
    flap.querySelector('.flap-head').setAttribute('aria-expanded', String(open));
  }

  isOpen(level) {
    return !this.flaps.get(level).body.hidden;
  }

  destroy() {
    for (const card of this.cards.values()) card.destroy();
    this.wire.destroy();
  }
}

/** Put nodes in order with as few moves as possible: what moves loses its focus. */
function arrange(parent, nodes) {
  for (const child of [...parent.children]) if (!nodes.includes(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}
