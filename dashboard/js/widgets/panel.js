/** The widget panel: an accordion with one flap per level. Cards are kept by id, so that adding one draws one. */
import { element, icon } from '../html.js';
import { Card } from './card.js';

export class WidgetPanel {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {Map<string, Card>} */
    this.cards = new Map();
    /** @type {Map<string, {flap: HTMLElement, body: HTMLElement, count: HTMLElement, empty: HTMLElement}>} */
    this.flaps = new Map();
    root.setAttribute('role', 'region');
    root.setAttribute('aria-label', 'Widgets');
  }

  /** @param {{widgets: Record<string, any>, order: {id: string, level: string}[], sections: {level: string, title: string, hint: string}[]}} properties */
  update({ widgets = {}, order = [], sections }) {
    if (!this.flaps.size) for (const section of sections) this.addFlap(section);
    const ids = new Set(order.map(({ id }) => id));
    for (const [id, card] of this.cards) {
      if (ids.has(id)) continue;
      card.destroy();
      this.cards.delete(id);
    }
    for (const { id } of order) {
      if (!this.cards.has(id)) this.cards.set(id, new Card(id));
      if (widgets[id]) this.cards.get(id).update(widgets[id]);
    }
    for (const [level, flap] of this.flaps) {
      const cards = order.filter((entry) => entry.level === level).map(({ id }) => this.cards.get(id).root);
      arrange(flap.body, cards.length ? cards : [flap.empty]);
      flap.count.textContent = String(cards.length);
    }
    this.open(order);
  }

  /** A new widget opens its flap and comes into sight. */
  open(order) {
    const newest = order[0]?.id;
    if (newest && newest !== this.newest && this.known) {
      this.toggle(order[0].level, true);
      this.cards.get(newest).root.scrollIntoView({ block: 'nearest' });
    }
    this.known = true;
    this.newest = newest;
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
  }
}

/** Put nodes in order with as few moves as possible: what moves loses its focus. */
function arrange(parent, nodes) {
  for (const child of [...parent.children]) if (!nodes.includes(child)) child.remove();
  nodes.forEach((node, index) => {
    if (parent.children[index] !== node) parent.insertBefore(node, parent.children[index] ?? null);
  });
}
