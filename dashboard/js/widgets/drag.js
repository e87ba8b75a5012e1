/** Cards are dragged by their heads: onto another one to see both together, between others to stand there. */
import { send } from '../bus.js';
import { around, element } from '../html.js';
import { placeAt } from './order.js';

/** @typedef {{card: HTMLElement, side: 'before' | 'onto' | 'after'}} Target */

export class Dragging {
  /** @param {import('./panel.js').WidgetPanel} panel */
  constructor(panel) {
    this.panel = panel;
    /** @type {HTMLElement | null} the card that is dragged */
    this.card = null;
    this.line = element('div', { class: 'drop-line', hidden: true });
    const { root } = panel;
    root.addEventListener('dragstart', (event) => this.begin(event));
    root.addEventListener('dragover', (event) => this.over(event));
    root.addEventListener('dragleave', (event) => root.contains(/** @type {Node | null} */ (event.relatedTarget)) || this.mark(null));
    root.addEventListener('drop', (event) => this.drop(event));
    root.addEventListener('dragend', () => this.end());
  }

  /** @param {DragEvent} event */
  begin(event) {
    const head = around(event, 'header[draggable]');
    const card = head?.closest('[data-id]');
    if (!(card instanceof HTMLElement) || !event.dataTransfer) return;
    this.card = card;
    event.dataTransfer.effectAllowed = 'move';
    event.dataTransfer.setData('text/plain', card.getAttribute('aria-label') ?? '');
    card.classList.add('dragging');
  }

  /** @param {DragEvent} event */
  over(event) {
    const target = this.target(event);
    this.mark(target);
    if (!target || !event.dataTransfer) return;
    event.preventDefault();
    event.dataTransfer.dropEffect = 'move';
  }

  /** Return where it would be dropped; null where it cannot be. @param {DragEvent} event @returns {Target | null} */
  target(event) {
    const body = around(event, '.flap-body');
    if (!this.card || !body) return null;
    const card = around(event, '.flap-body > [data-id]') ?? nearest(body, event.clientY);
    if (!card || card === this.card || (this.isGroup() && card.contains(this.card))) return null;
    const inside = card.contains(this.card);
    const onto = !this.isGroup() && !inside && card.contains(/** @type {Node} */ (event.target));
    const side = placeAt(event.clientY, card.getBoundingClientRect(), onto);
    return side === 'onto' || inside || this.isOfFlap(body) ? { card, side } : null;
  }

  isGroup() {
    return this.card?.classList.contains('group') ?? false;
  }

  /** The unit's level decides on the flap. @param {HTMLElement} body */
  isOfFlap(body) {
    return this.card?.closest('.flap-body') === body;
  }

  /** @param {Target | null} target */
  mark(target) {
    for (const marked of this.panel.root.querySelectorAll('.drop-onto')) marked.classList.remove('drop-onto');
    this.line.hidden = !target || target.side === 'onto';
    if (!target) return;
    if (target.side === 'onto') target.card.classList.add('drop-onto');
    else target.card.insertAdjacentElement(target.side === 'before' ? 'beforebegin' : 'afterend', this.line);
  }

  /** @param {DragEvent} event */
  drop(event) {
    const target = this.target(event);
    const id = this.card?.dataset.id ?? '';
    this.end();
    if (!target) return;
    event.preventDefault();
    const first = this.panel.firstOf(id);
    if (target.side === 'onto') return send({ type: 'group', id, onto: this.panel.firstOf(target.card.dataset.id ?? '') });
    if (this.panel.isMember(id)) send({ type: 'leave', id });
    return send({ type: 'move', id: first, before: this.panel.before(target.card.dataset.id ?? '', target.side) });
  }

  end() {
    this.mark(null);
    this.line.remove();
    this.card?.classList.remove('dragging');
    this.card = null;
  }
}

/** Return the card of a flap that is nearest to a height. @param {HTMLElement} body @param {number} y */
function nearest(body, y) {
  const cards = /** @type {HTMLElement[]} */ ([...body.querySelectorAll(':scope > [data-id]')]);
  const far = (/** @type {HTMLElement} */ card) => {
    const { top, bottom } = card.getBoundingClientRect();
    return Math.max(top - y, y - bottom, 0);
  };
  return cards.reduce((/** @type {HTMLElement | null} */ best, card) => (best && far(best) <= far(card) ? best : card), null);
}
