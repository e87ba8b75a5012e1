/** The keyboard in the inspection panel: from unit to unit, also to those that are not in the document, in and out. */
import { send } from '../bus.js';
import { around } from '../html.js';
import { unfolds } from './units.js';
import { neighbour } from './viewport.js';

const PAN = 60; // px that an arrow key moves
export const ZOOM = 1.25;

/** @type {Record<string, [number, number]>} */
const WAYS = { ArrowLeft: [PAN, 0], ArrowRight: [-PAN, 0], ArrowUp: [0, PAN], ArrowDown: [0, -PAN] };

export class Keyboard {
  /** @param {import('./view.js').GraphView} view */
  constructor(view) {
    this.view = view;
    view.root.addEventListener('keydown', (event) => this.pressed(event));
    view.scene.svg.addEventListener('focusin', (event) => this.focused(event));
  }

  /** @param {KeyboardEvent} event */
  pressed(event) {
    const { camera, units } = this.view;
    const unit = around(event, '[data-uoa]');
    if (around(event, 'input') || (around(event, 'button') && event.key !== 'Escape')) return;
    /** @type {Record<string, () => unknown>} */
    const actions = {
      Enter: () => unit && (event.shiftKey ? this.unfold(unit) : units.descend(unit)),
      ' ': () => unit && units.choose(unit),
      Escape: () => send(units.tool ? { type: 'tool', name: 'select' } : { type: 'ascend' }),
      '+': () => camera.zoom(ZOOM),
      '-': () => camera.zoom(1 / ZOOM),
      0: () => camera.showAll(),
    };
    if (event.key in WAYS) this.arrow(event.key, unit);
    else if (event.key in actions) actions[event.key]();
    else if (event.key !== 'Tab' || !this.next(unit, event.shiftKey ? -1 : 1)) return;
    event.preventDefault();
  }

  /** Unfold a box, or fold what it stands in. @param {HTMLElement} unit */
  unfold(unit) {
    const { scene, units } = this.view;
    const box = scene.box(unit.dataset.uoa ?? '');
    const around = box && scene.frameAround(box);
    if (unfolds(unit)) units.unfold(unit);
    else if (around) units.toggle(around.uoa);
  }

  /** @param {string} key @param {HTMLElement | null} unit */
  arrow(key, unit) {
    const { camera, scene } = this.view;
    const from = unit?.closest('.node') && scene.box(unit.dataset.uoa ?? '');
    const to = from && neighbour(from, scene.graph.nodes, key);
    if (to) this.focus(to.uoa);
    else if (!from) camera.pan(...WAYS[key]);
  }

  /**
   * Go to the next unit of a big drawing, of which the document holds a part; the browser knows the way in others.
   * @param {HTMLElement | null} unit @param {number} step @returns {boolean} whether there was one
   */
  next(unit, step) {
    const { graph, big } = this.view.scene;
    if (!big) return false;
    const stops = [...graph.frames, ...graph.nodes];
    const place = stops.findIndex(({ uoa }) => uoa === unit?.dataset.uoa);
    const to = place < 0 && step < 0 ? undefined : stops[place + step];
    if (to) this.focus(to.uoa);
    return Boolean(to);
  }

  /** @param {string} uoa */
  focus(uoa) {
    this.view.scene.reach(uoa)?.focus({ preventScroll: true });
  }

  /** What gets the focus by the keyboard comes into sight; seen from far, it is told. @param {FocusEvent} event */
  focused(event) {
    const unit = around(event, '[data-uoa]');
    const { camera, scene, tip } = this.view;
    if (!unit?.matches(':focus-visible')) return;
    const box = unit.matches('.node') ? scene.box(unit.dataset.uoa ?? '') : undefined;
    const frame = scene.graph.frames.find(({ uoa }) => uoa === unit.dataset.uoa);
    if (box) camera.reveal(box);
    else if (frame && scene.big) camera.reveal({ x: frame.x + Math.min(frame.w / 2, 100), y: frame.y + 20 });
    camera.again();
    if (!scene.distant) return;
    requestAnimationFrame(() => {
      const { left, bottom } = unit.getBoundingClientRect();
      tip.show(unit.dataset.tip || unit.getAttribute('aria-label') || '', left, bottom);
    });
  }
}
