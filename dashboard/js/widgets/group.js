/** Several widgets as one card: one of them at a time, or merged into one; side by side in a dialog. */
import { send } from '../bus.js';
import { byLabel, element, icon, iconButton, refill } from '../html.js';
import { openBelow } from './actions.js';
import { CommonBins } from './bins.js';
import { Content } from './content.js';
import { exportEntries } from './export.js';
import { enter, form, sharedSettings } from './form.js';
import { colorsOf, namesOf } from './members.js';
import { merged, whyNotMerged } from './merge.js';
import { Overlay } from './overlay.js';
import { commonScale, onScale } from './scale.js';
import { Seat } from './seat.js';

/** @typedef {import('./card.js').Card} Card */
/** @typedef {import('./card.js').Shown} Shown */
/** @typedef {{id: string, members: string[], common: boolean, merged: boolean}} Group */
/** @typedef {{id: string, name: string, color: string, uoa: string, card: Card}} Chip */

export class GroupCard {
  /** @param {string} id @param {import('./panel.js').WidgetPanel} panel */
  constructor(id, panel) {
    this.id = id;
    this.panel = panel;
    /** @type {Group} */
    this.group = { id, members: [], common: false, merged: false };
    /** @type {Card[]} */
    this.cards = [];
    this.active = '';
    /** @type {Set<string>} members that the merged chart leaves out */
    this.off = new Set();
    /** @type {Map<string, {key: string, own: Shown, content: Shown}>} contents on the common scale */
    this.scaled = new Map();
    /** @type {Shown | null} */
    this.together = null;
    /** @type {{key: string, contents: Shown[]} | null} what it was made of */
    this.mixture = null;
    /** @type {string} why the members cannot become one */
    this.why = '';
    this.mixed = false;
    this.bins = new CommonBins(panel.wire, () => this.refresh());
    this.content = new Content();
    this.seat = new Seat(this.content.root);
    this.head = element('header', { draggable: 'true' });
    this.form = element('div', { class: 'form', hidden: true });
    this.settings = new Seat(this.form);
    this.chips = element('div', { class: 'series chips', role: 'group' });
    this.legend = new Seat(this.chips);
    this.body = element('div', { class: 'group-body' });
    this.foot = element('footer', {});
    this.root = element('section', { class: 'card group', tabindex: 0, 'data-id': id }, this.head, this.form, this.chips, this.body, this.foot);
    /** @type {Overlay | null} */
    this.overlay = null;
  }

  /** @param {Group} group @param {Card[]} cards its members, in their order */
  update(group, cards) {
    const same = cards.length === this.cards.length && cards.every((card, index) => card === this.cards[index]);
    if (same && group.common === this.group.common && group.merged === this.group.merged) return;
    for (const card of this.cards) if (!cards.includes(card)) this.release(card);
    this.group = group;
    this.cards = cards;
    for (const card of cards) {
      card.group = this;
      card.root.classList.add('member');
      card.approach();
    }
    if (!cards.some(({ id }) => id === this.active)) this.active = group.members[0];
    this.refresh();
  }

  /** A member that goes its own way looks as it did. @param {Card} card */
  release(card) {
    card.seat.home();
    card.group = null;
    card.root.classList.remove('member');
    card.dress(null);
  }

  /** Draw what members, scale or merging have changed. */
  refresh() {
    const drawn = this.cards.filter(({ widget }) => widget);
    if (this.group.common) this.bins.want(drawn);
    else this.bins.clear();
    this.scale(drawn);
    this.why = drawn.length < this.cards.length ? 'Wait until all of them are drawn.' : whyNotMerged(this.members());
    this.mixed = this.group.merged && !this.why;
    this.drawForm();
    this.drawHead();
    this.drawChips();
    this.drawFoot();
    this.drawBody();
    this.overlay?.draw();
  }

  /** Put every drawn member on the common scale, or back on its own. @param {Card[]} drawn */
  scale(drawn) {
    const contents = drawn.map(({ id, widget }) => /** @type {Shown} */ (this.bins.of(id) ?? widget?.content));
    const figures = contents.flatMap(({ figure }) => (figure ? [figure] : []));
    const scale = this.group.common && figures.length > 1 ? commonScale(figures) : null;
    drawn.forEach((card, index) => card.dress(scale && contents[index].figure ? this.onto(card.id, contents[index], scale) : null));
  }

  /** @param {string} id @param {Shown} own @param {import('./scale.js').Scale} scale @returns {Shown} */
  onto(id, own, scale) {
    const key = JSON.stringify(scale);
    const known = this.scaled.get(id);
    if (known?.own === own && known.key === key) return known.content;
    const content = { ...own, figure: own.figure && onScale(own.figure, scale) };
    this.scaled.set(id, { key, own, content });
    return content;
  }

  /** Return what each member is called, its colour, and what it shows. @returns {(Chip & {content: Shown})[]} */
  members() {
    const known = this.cards.map((card) => card.subject ?? { ...card.about, checkpoint: null, content: {} });
    const [names, colors] = [namesOf(known), colorsOf(known)];
    return this.cards.map((card, index) => ({ id: card.id, name: names[index], color: colors[index], uoa: known[index].uoa, card, content: known[index].content }));
  }

  /* ---- drawing */

  get title() {
    const titles = new Set(this.cards.map((card) => card.about.title));
    return [...titles].join(', ');
  }

  drawHead() {
    const { cards, root } = this;
    const icons = new Set(cards.map((card) => card.about.icon));
    const about = `${cards.length} widgets`;
    root.setAttribute('aria-label', `Group: ${this.title}`);
    root.dataset.uoas = cards.map((card) => card.about.uoa).join(' ');
    refill(
      this.head,
      byLabel,
      element('span', { class: 'card-icon' }, icon(icons.size === 1 ? [...icons][0] : 'stack-2')),
      element('div', { class: 'card-title' }, element('b', { title: this.title }, this.title), element('span', { class: 'where' }, element('span', {}, this.checkpoints() || about))),
      element('span', { class: 'count', title: about }, String(cards.length)),
      element(
        'div',
        { class: 'card-actions' },
        this.shared.length ? iconButton('adjustments', 'Adjust all', () => this.toggleForm(), { 'aria-expanded': String(!this.form.hidden) }) : '',
        iconButton('layout-grid', 'Open side by side', () => this.open(), { class: 'icon-button roomy' }),
        iconButton('dots-vertical', 'More', ({ currentTarget }) => openBelow(/** @type {HTMLElement} */ (currentTarget), this.entries(/** @type {HTMLElement} */ (currentTarget))), { 'aria-haspopup': 'menu' }),
        iconButton('x', 'Close the group', () => this.panel.close(this.group.members)),
      ),
    );
  }

  /** What can be adjusted in all of them at once; nothing where they are of different tools. */
  get shared() {
    const widgets = this.cards.flatMap(({ widget }) => (widget ? [widget] : []));
    const alike = widgets.length === this.cards.length && new Set(widgets.map(({ tool }) => tool)).size === 1;
    return alike ? sharedSettings(widgets.map(({ settings }) => settings)) : [];
  }

  /** Draw the form anew, unless someone is typing in it. */
  drawForm() {
    if (this.form.contains(document.activeElement)) return;
    const { shared } = this;
    if (!shared.length) this.form.hidden = true;
    this.form.replaceChildren(form(this.group.members, shared));
  }

  toggleForm() {
    this.form.hidden = !this.form.hidden;
    this.drawHead();
    this.overlay?.draw();
    if (!this.form.hidden) enter(this.form);
  }

  /** Tell the checkpoint that all of them show. */
  checkpoints() {
    const numbers = new Set(this.cards.map(({ widget }) => widget?.checkpoint ?? null));
    const [number] = numbers;
    return numbers.size === 1 && number !== null ? `${this.cards.length} widgets · checkpoint ${number}` : '';
  }

  /** @param {HTMLElement} button */
  entries(button) {
    const { subject, panel, id } = this;
    const exporting = () => openBelow(button, exportEntries(/** @type {import('./card.js').Subject} */ (subject)));
    return [
      { title: 'Open side by side', icon: 'layout-grid', choose: () => this.open() },
      ...(subject ? [{ title: 'Export what is merged…', icon: 'download', choose: exporting }] : []),
      ...panel.steps(id),
      { title: 'Ungroup', icon: 'unlink', choose: () => panel.ungroup(id) },
    ];
  }

  /** A chip for each member: which one is shown, or which are in the merged chart. */
  drawChips() {
    this.chips.setAttribute('aria-label', this.mixed ? 'Members that are shown' : 'Member that is shown');
    refill(this.chips, (chip) => chip.getAttribute('data-member'), ...this.members().map((member) => this.chip(member)));
  }

  /** @param {Chip} member */
  chip({ id, name, color, uoa }) {
    const on = this.mixed ? !this.off.has(id) : this.active === id;
    const attributes = { type: 'button', class: 'chip', 'aria-pressed': String(on), 'data-uoa': uoa, 'data-member': id, click: () => this.choose(id) };
    return element('button', attributes, element('i', { class: 'dot', style: `background:${color}` }), element('span', {}, name));
  }

  /** @param {string} id */
  choose(id) {
    if (!this.mixed) this.active = id;
    else if (this.off.has(id)) this.off.delete(id);
    else if (this.off.size < this.cards.length - 1) this.off.add(id);
    this.refresh();
  }

  /** Why a common scale changes nothing; empty where it does, or is in force. */
  get whyNotScaled() {
    const charts = this.cards.filter(({ widget }) => !widget || widget.content.figure).length;
    return charts < 2 && !this.group.common ? 'Fewer than two of them are charts.' : '';
  }

  drawFoot() {
    const { id, common } = this.group;
    const whyNot = this.group.merged ? '' : this.why;
    this.foot.replaceChildren(
      toggle('ruler-measure', 'Common scale', common, this.whyNotScaled, () => send({ type: 'common', id })),
      toggle('git-merge', 'Merged', this.group.merged, whyNot ?? '', () => send({ type: 'merged', id })),
      ...(this.group.merged && this.why ? [element('span', { class: 'why', title: this.why }, this.why)] : []),
      element('button', { type: 'button', class: 'small-button beside', title: 'Open side by side', 'aria-label': 'Side by side', click: () => this.open() }, icon('arrows-maximize'), element('span', {}, 'Side by side')),
    );
  }

  drawBody() {
    const chosen = this.cards.find(({ id }) => id === this.active) ?? this.cards[0];
    if (this.mixed) this.mix();
    const shown = this.mixed ? this.seat.element : chosen.seat.element;
    if (this.body.firstChild !== shown || this.body.childElementCount > 1) this.body.replaceChildren(shown);
  }

  /** Draw the members that are on as one; only where one of them has changed. */
  mix() {
    const members = this.members().filter(({ id }) => !this.off.has(id));
    const key = [...members.map(({ name, color }) => `${name} ${color}`), this.group.common].join('\n');
    const contents = members.map(({ content }) => content);
    if (this.mixture?.key === key && contents.length === this.mixture.contents.length && contents.every((content, index) => content === this.mixture?.contents[index])) return;
    this.mixture = { key, contents };
    const together = merged(members);
    const figure = this.group.common && together.figure ? onScale(together.figure, commonScale([together.figure])) : together.figure;
    this.together = { ...together, figure };
    this.content.update(this.together, this.title);
  }

  /** What is merged, for those who save it. @returns {import('./card.js').Subject | null} */
  get subject() {
    const [first] = this.cards;
    if (!this.mixed || !this.together || !first.subject) return null;
    const members = this.members();
    const queries = this.cards.flatMap(({ widget }) => widget?.queries ?? []);
    const series = members.filter(({ id }) => !this.off.has(id)).map(({ name, color, uoa }) => ({ name, color, uoa }));
    return { ...first.subject, title: this.title, where: members.map(({ name }) => name).join(', '), settings: [], queries, content: { ...this.together, series } };
  }

  open() {
    this.overlay ??= new Overlay(this, () => {
      this.overlay = null;
      this.root.focus();
    });
  }

  destroy() {
    this.overlay?.close();
    for (const card of this.cards) this.release(card);
    this.bins.clear();
    this.content.destroy();
    this.root.remove();
  }
}

/**
 * Return a switch; where there is a reason why it cannot be used, it says so.
 * @param {string} name @param {string} label @param {boolean} on @param {string} whyNot @param {() => void} click
 */
export const toggle = (name, label, on, whyNot, click) =>
  element('button', { type: 'button', class: 'small-button', 'aria-pressed': String(on), 'aria-disabled': whyNot ? 'true' : null, title: whyNot || null, click: () => whyNot || click() }, icon(name), label);
