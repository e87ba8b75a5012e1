/** What links a plot with everything else: hovering and selecting the samples and units that its points stand for. */
import { preview } from '../linking/preview.js';
import { chosenIn, hoverSample, hoverSamples, onLit, onSample, selectSamples, toggleSample } from '../linking/samples.js';
import { sampleKey } from '../linking/paths.js';
import { hover } from '../linking/units.js';
import { brushable, marksBySample, samplesAt, unitAt } from './points.js';
import { redraw } from './redraw.js';
import { MOST, Rings, spotOf } from './rings.js';

/**
 * @typedef {import('./plot.js').Trace} Trace
 * @typedef {import('./points.js').Mark} Mark
 * @typedef {{curveNumber: number, pointNumber: import('./points.js').Place}} Point as Plotly's events tell it
 * @typedef {{points: Point[], lassoPoints?: object, range?: object}} Gesture
 */

const MORE = 'Arrow keys go from sample to sample, Space selects.';

export class Linked {
  /** @param {import('./plot.js').Plot} plot */
  constructor(plot) {
    this.plot = plot;
    this.frame = plot.root;
    this.rings = new Rings(this.frame);
    this.space = '';
    /** @type {Trace[]} */
    this.traces = [];
    /** @type {Map<number, Mark[]>} */
    this.marks = new Map();
    /** @type {number[]} samples from left to right, once the keyboard has asked */
    this.order = [];
    this.at = -1;
    this.marked = false;
    this.stops = [onLit(() => this.relit()), onSample((hovered) => this.ring(hovered))];
    this.frame.addEventListener('keydown', (event) => this.key(event));
  }

  /** Take another figure's points. @param {Trace[]} traces @param {string} space @param {string} label */
  take(traces, space, label) {
    Object.assign(this, { traces, space, marks: space ? marksBySample(traces) : new Map(), order: [], at: -1 });
    this.marked = this.chosen() !== null;
    const able = Boolean(space) && brushable(traces);
    this.plot.modes.allow(able);
    if (!able) return ['tabindex', 'role', 'aria-label'].forEach((name) => this.frame.removeAttribute(name));
    const attributes = { tabindex: '0', role: 'group', 'aria-label': `${label}. ${MORE}` };
    return Object.entries(attributes).forEach(([name, value]) => this.frame.setAttribute(name, value));
  }

  /** Follow Plotly's events from the time that it has drawn something. */
  listen() {
    const drawn = /** @type {any} */ (this.plot.canvas);
    drawn.on('plotly_hover', (/** @type {{points: Point[], event: MouseEvent}} */ { points, event }) => this.hovered(points[0], event));
    drawn.on('plotly_unhover', () => this.left());
    drawn.on('plotly_click', (/** @type {{points: Point[]}} */ { points }) => this.clicked(points[0]));
    drawn.on('plotly_selected', (/** @type {Gesture | undefined} */ found) => this.brushed(found));
    drawn.on('plotly_afterplot', () => this.outline());
  }

  /** Return the samples of this plot's space that are selected, null for none. */
  chosen() {
    return chosenIn(this.space);
  }

  /** Draw anew where it shows: a selection of other samples changes nothing here. */
  relit() {
    const before = this.marked;
    this.marked = this.chosen() !== null;
    if (this.marks.size && (before || this.marked)) redraw(this.plot);
  }

  /* ---- hovering */

  /** @param {Point} point @param {MouseEvent} event */
  hovered({ curveNumber, pointNumber }, event) {
    const trace = this.traces[curveNumber];
    const samples = samplesAt(trace, pointNumber);
    hover(unitAt(trace, pointNumber) || this.around());
    hoverSamples(this.space, samples);
    preview(samples.length === 1 ? this.name(samples[0]) : '', event.clientX, event.clientY);
  }

  left() {
    hover(this.around());
    hoverSample('');
    preview('');
  }

  /** Return the unit that everything around the plot stands for. */
  around() {
    return /** @type {HTMLElement | null} */ (this.frame.closest('[data-uoa]'))?.dataset.uoa ?? '';
  }

  /** @param {import('../linking/samples.js').Some} hovered */
  ring({ space, samples }) {
    this.show('hovered', space === this.space ? this.marksOf(samples) : []);
  }

  /** Mark selected samples and the cells that they are in; of very many it is enough that the others are dim. */
  outline() {
    const marks = this.marksOf(this.chosen() ?? []);
    this.show('chosen', marks.length > MOST ? marks.filter(({ place }) => Array.isArray(place)) : marks);
  }

  /** @param {string} name @param {Mark[]} marks */
  show(name, marks) {
    if (this.plot.drawn) this.rings.show(name, this.plot.canvas, marks);
  }

  /** @param {Iterable<number>} samples */
  marksOf(samples) {
    return [...samples].flatMap((sample) => this.marks.get(sample) ?? []);
  }

  /* ---- selecting */

  /** @param {Point} point */
  clicked({ curveNumber, pointNumber }) {
    const samples = samplesAt(this.traces[curveNumber], pointNumber);
    if (Array.isArray(pointNumber)) selectSamples(this.space, samples);
    else if (samples.length) toggleSample(this.name(samples[0]));
  }

  /** Plotly tells of a selection after every drawing, too: only one with a line was drawn by hand. @param {Gesture | undefined} found */
  brushed(found) {
    if (!found?.lassoPoints && !found?.range) return;
    selectSamples(this.space, found.points.flatMap(({ curveNumber, pointNumber }) => samplesAt(this.traces[curveNumber], pointNumber)));
    this.plot.draw(); // the lasso's line has done its work
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    if (event.target !== this.frame || !this.marks.size || (!step && event.key !== ' ')) return;
    event.preventDefault();
    if (step) this.walk(step);
    else if (this.at >= 0) toggleSample(this.name(this.order[this.at]));
  }

  /** Go to the next sample from left to right, or back. @param {number} step */
  walk(step) {
    if (!this.order.length) this.order = [...this.marks.keys()].sort((one, other) => (this.spot(one)?.x ?? 0) - (this.spot(other)?.x ?? 0));
    const from = this.at < 0 && step < 0 ? 0 : this.at;
    this.at = (from + step + this.order.length) % this.order.length;
    const sample = this.order[this.at];
    const { left, top } = this.frame.getBoundingClientRect();
    const { x, y } = this.spot(sample) ?? { x: 0, y: 0 };
    hoverSample(this.name(sample));
    preview(this.name(sample), left + x, top + y);
  }

  /** @param {number} sample */
  spot(sample) {
    return spotOf(this.plot.canvas, this.marksOf([sample])[0]);
  }

  /** @param {number} sample */
  name(sample) {
    return sampleKey(this.space, sample);
  }

  destroy() {
    for (const stop of this.stops) stop();
  }
}
