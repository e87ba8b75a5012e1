/** The widgets of a group side by side, over the page. */
import { send } from '../bus.js';
import { openDialog } from '../dialog.js';
import { element, refill } from '../html.js';
import { toggle } from './group.js';

export class Overlay {
  /** @param {import('./group.js').GroupCard} card @param {() => void} closed */
  constructor(card, closed) {
    this.card = card;
    this.head = element('header', {});
    this.form = element('div', {});
    this.place = element('div', { class: 'side-by-side' });
    this.dialog = openDialog('overlay', `Side by side: ${card.title}`, [this.head, this.form, this.place], () => {
      for (const seat of [card.settings, ...this.seats()]) seat.home();
      closed();
    });
    card.settings.visit(this.form);
    this.draw();
  }

  seats() {
    return [this.card.legend, this.card.seat, ...this.card.cards.map(({ seat }) => seat)];
  }

  draw() {
    const { card, place } = this;
    const { id, common, merged } = card.group;
    refill(
      this.head,
      ({ textContent }) => textContent,
      element('b', {}, card.title),
      element('span', { class: 'count' }, `${card.cards.length} widgets`),
      toggle('ruler-measure', 'Common scale', common, card.whyNotScaled, () => send({ type: 'common', id })),
      toggle('git-merge', 'Merged', merged, merged ? '' : (card.why ?? ''), () => send({ type: 'merged', id })),
      card.shared.length ? toggle('adjustments', 'Adjust all', !card.form.hidden, '', () => card.toggleForm()) : '',
    );
    const guests = card.mixed ? [card.legend, card.seat] : card.cards.map(({ seat }) => seat);
    for (const seat of this.seats()) if (!guests.includes(seat)) seat.home();
    for (const seat of guests) seat.visit(place);
    place.classList.toggle('one', card.mixed);
  }

  close() {
    this.dialog.close();
  }
}
