/**
 * A short tour of the page. It begins by itself once per browser, on a store that holds models; never where a
 * program drives the browser. `#tour`, or the help, begins it again.
 */
import { element } from './html.js';

/** @typedef {{target: string, title: string, text: string}} Step */

const SEEN = 'inspectree-tour';
const GAP = 12; // px between a region and what is said of it
const PATIENCE = 8000; // ms in which a first model has to come into sight

/** Tell whether the tour begins by itself. @param {{seen: boolean, driven: boolean, asked: boolean}} state */
export const begins = ({ seen, driven, asked }) => asked || (!seen && !driven);

/** Begin the tour when it is asked for, or when this is the first visit. */
export function offerTour() {
  const asked = location.hash === '#tour';
  if (asked) history.replaceState(null, '', location.pathname);
  if (!begins({ seen: localStorage.getItem(SEEN) !== null, driven: navigator.webdriver, asked })) return;
  const until = performance.now() + PATIENCE;
  const look = () => {
    if (document.querySelector('.graph-view .node') && !document.querySelector('dialog[open]')) startTour();
    else if (performance.now() < until) setTimeout(look, 200);
  };
  look();
}

/** Begin the tour. Its steps are written beside the page's own texts. */
export function startTour() {
  document.querySelector('.tour')?.remove();
  /** @type {Step[]} */
  const steps = JSON.parse(document.getElementById('tour-steps')?.dataset.steps ?? '[]').filter((/** @type {Step} */ { target }) => document.querySelector(target));
  if (steps.length) new Tour(steps);
}

class Tour {
  /** @param {Step[]} steps */
  constructor(steps) {
    this.steps = steps;
    this.at = 0;
    this.before = document.activeElement;
    this.ring = element('div', { class: 'tour-ring' });
    this.title = element('h2', { id: 'tour-title' });
    this.text = element('p', { id: 'tour-text' });
    this.count = element('span', { class: 'tour-count' });
    this.back = element('button', { type: 'button', class: 'tour-back', click: () => this.go(-1) }, 'Back');
    this.next = element('button', { type: 'button', class: 'tour-next', click: () => this.go(1) });
    const skip = element('button', { type: 'button', class: 'link', click: () => this.root.close() }, 'Skip the tour');
    this.card = element('div', { class: 'tour-card' }, this.title, this.text, element('footer', {}, this.count, skip, this.back, this.next));
    this.root = /** @type {HTMLDialogElement} */ (
      element('dialog', { class: 'tour', 'aria-labelledby': 'tour-title', 'aria-describedby': 'tour-text', keydown: (/** @type {KeyboardEvent} */ event) => this.key(event) }, this.ring, this.card)
    );
    this.root.addEventListener('close', () => this.end());
    this.resized = () => this.place();
    this.sizes = new ResizeObserver(this.resized);
    addEventListener('resize', this.resized);
    document.body.append(this.root);
    this.root.showModal();
    this.show();
  }

  /** @param {number} by */
  go(by) {
    if (this.at + by >= this.steps.length) return this.root.close();
    this.at = Math.max(0, this.at + by);
    this.show();
  }

  show() {
    const { title, text } = this.steps[this.at];
    const last = this.at === this.steps.length - 1;
    this.title.textContent = title;
    this.text.textContent = text;
    this.count.textContent = `${this.at + 1} of ${this.steps.length}`;
    this.back.hidden = this.at === 0;
    this.next.textContent = last ? 'Done' : 'Next';
    const region = document.querySelector(this.steps[this.at].target);
    this.sizes.disconnect();
    if (region) this.sizes.observe(region); // it may still be filling
    this.place();
    this.next.focus();
  }

  /** Put the ring around the region, and the card beside it where there is room. */
  place() {
    const region = document.querySelector(this.steps[this.at].target)?.getBoundingClientRect();
    if (!region) return;
    Object.assign(this.ring.style, { left: `${region.left}px`, top: `${region.top}px`, width: `${region.width}px`, height: `${region.height}px` });
    const { offsetWidth: width, offsetHeight: height } = this.card;
    const { left, top } = beside(region, { width, height }, { width: innerWidth, height: innerHeight });
    Object.assign(this.card.style, { left: `${left}px`, top: `${top}px` });
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    event.stopPropagation();
    if (event.key === 'ArrowRight') this.go(1);
    if (event.key === 'ArrowLeft') this.go(-1);
  }

  end() {
    this.sizes.disconnect();
    localStorage.setItem(SEEN, 'seen');
    removeEventListener('resize', this.resized);
    this.root.remove();
    if (this.before instanceof HTMLElement) this.before.focus();
  }
}

/**
 * Return where a card stands: right of a region, else left of it, below or above it, else inside it.
 * @param {{left: number, top: number, right: number, bottom: number}} region
 * @param {{width: number, height: number}} card @param {{width: number, height: number}} page
 */
export function beside(region, card, page) {
  /** @param {number} value @param {number} most */
  const within = (value, most) => Math.max(GAP, Math.min(value, most - GAP));
  const top = within(region.top, page.height - card.height);
  const left = within(region.left, page.width - card.width);
  if (region.right + GAP + card.width + GAP <= page.width) return { left: region.right + GAP, top };
  if (region.left - GAP - card.width >= GAP) return { left: region.left - GAP - card.width, top };
  if (region.bottom + GAP + card.height + GAP <= page.height) return { left, top: region.bottom + GAP };
  if (region.top - GAP - card.height >= GAP) return { left, top: region.top - GAP - card.height };
  return { left: within((region.left + region.right - card.width) / 2, page.width - card.width), top: within((region.top + region.bottom - card.height) / 2, page.height - card.height) };
}
