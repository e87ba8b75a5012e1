/** The keyboard in the inspection panel: from unit to unit and along edges, also to what is not in the document, in and out. */
import { send } from '../bus.js';
import { around } from '../html.js';
import { compare, kinship } from './comparing.js';
import { unfolds } from './units.js';
import { middleOf, neighbour } from './viewport.js';

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
    const edge = around(event, '.edge');
    if (around(event, 'input') || (around(event, 'button') && event.key !== 'Escape')) return;
    /** @type {Record<string, () => unknown>} */
    const actions = {
      Enter: () => (edge ? this.open(edge) : unit && (event.shiftKey ? this.unfold(unit) : units.descend(unit))),
      ' ': () => (edge ? this.open(edge) : unit && units.choose(unit)),
      Escape: () => send(units.tool ? { type: 'tool', name: 'select' } : { type: 'ascend' }),
      '+': () => camera.zoom(ZOOM),
      '-': () => camera.zoom(1 / ZOOM),
      0: () => camera.showAll(),
    };
    if (event.key in WAYS && edge) this.leave(event.key, edge);
    else if (event.key in WAYS) this.arrow(event.key, unit, event.shiftKey);
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

  /** Show both ends of an edge of the tree side by side. @param {HTMLElement} edge */
  open(edge) {
    const kin = kinship(this.view.scene.graph, edge);
    if (kin) compare(kin.child, kin.parent);
  }

  /** @param {string} key @param {HTMLElement | null} unit @param {boolean} along with Shift, to an edge of the tree */
  arrow(key, unit, along) {
    const { camera, scene } = this.view;
    const from = unit?.closest('.node') && scene.box(unit.dataset.uoa ?? '');
    if (!from) return camera.pan(...WAYS[key]);
    if (along) return this.enter(key, from);
    const to = neighbour(from, scene.graph.nodes, key);
    return to && this.focus(to.uoa);
  }

  /** Go to the edge of a model that leads to where an arrow points. @param {string} key @param {import('./types.js').Box} from */
  enter(key, from) {
    const { scene } = this.view;
    const { level, edges } = scene.graph;
    const own = level === 'L3' ? edges.filter(({ source, target }) => from.uoa === source || from.uoa === target) : [];
    const to = neighbour(from, own.map((line) => ({ line, ...middleOf(line) })), key);
    if (to) scene.reachLine(to.line)?.focus({ preventScroll: true });
  }

  /** Go from an edge to its end, or to another edge beside it. @param {string} key @param {HTMLElement} edge */
  leave(key, edge) {
    const { scene } = this.view;
    const { nodes, edges } = scene.graph;
    const { source, target } = edge.dataset;
    const line = edges.find((each) => each.source === source && each.target === target);
    if (!line) return;
    const ends = nodes.filter(({ uoa }) => uoa === source || uoa === target);
    const beside = edges.filter((each) => each !== line).map((each) => ({ each, ...middleOf(each) }));
    const end = key === 'ArrowLeft' || key === 'ArrowRight' ? neighbour(middleOf(line), ends, key) : null;
    const other = end ? null : neighbour(middleOf(line), beside, key);
    if (end) this.focus(end.uoa);
    else if (other) scene.reachLine(other.each)?.focus({ preventScroll: true });
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

  /** What gets the focus by the keyboard comes into sight; an edge is told, and what is seen from far. @param {FocusEvent} event */
  focused(event) {
    const item = around(event, '[data-uoa], .edge');
    const { camera, scene, tip } = this.view;
    if (!item?.matches(':focus-visible')) return;
    const place = this.placeOf(item);
    if (place) camera.reveal(place);
    camera.again();
    if (!scene.distant && !item.matches('.edge')) return tip.hide();
    requestAnimationFrame(() => {
      const { left, bottom } = item.getBoundingClientRect();
      tip.show(item.dataset.tip || item.getAttribute('aria-label') || '', left, bottom);
    });
  }

  /** Return what has to be in sight of an item that has the focus. @param {HTMLElement} item @returns {{x: number, y: number} | undefined} */
  placeOf(item) {
    const { graph, big } = this.view.scene;
    const { uoa = '', source, target } = item.dataset;
    if (item.matches('.node')) return this.view.scene.box(uoa);
    const line = graph.edges.find((each) => each.source === source && each.target === target);
    if (line) return middleOf(line);
    const frame = graph.frames.find((each) => each.uoa === uoa);
    return frame && big ? { x: frame.x + Math.min(frame.w / 2, 100), y: frame.y + 20 } : undefined;
  }
}
