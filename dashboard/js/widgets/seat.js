/** Where an element belongs while it is seen elsewhere: its place is kept. */
import { element } from '../html.js';

export class Seat {
  /** @param {HTMLElement} root */
  constructor(root) {
    this.root = root;
    /** @type {HTMLElement | null} */
    this.kept = null;
  }

  /** What stands at the place: the element, or what keeps it. */
  get element() {
    return this.kept ?? this.root;
  }

  /** Show the element at the end of another place, until it goes home. @param {HTMLElement} place */
  visit(place) {
    if (!this.kept) {
      this.kept = element('div', { class: 'away', style: `height:${this.root.offsetHeight}px` });
      this.root.replaceWith(this.kept);
    }
    if (this.root.parentElement !== place) place.append(this.root);
  }

  home() {
    const { kept } = this;
    if (!kept) return;
    this.kept = null;
    this.root.remove();
    kept.replaceWith(this.root);
  }
}
