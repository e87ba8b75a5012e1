/** A plot: drawn when it comes near the window, in the page's theme. */
import { element } from '../html.js';
import { onTheme, palette } from '../theme.js';
import { Linked } from './linked.js';
import { Modes } from './modes.js';
import { plotly } from './plotly.js';
import { brushed } from './points.js';
import { redraw } from './redraw.js';
import { themedLayout, themedTrace } from './themed.js';

/**
 * @typedef {{type?: string, meta?: {uoa?: string, uoas?: any, samples?: any[], scale?: string, ridge?: boolean, member?: number},
 *   [name: string]: any}} Trace
 * @typedef {{data: Trace[], layout: Record<string, any>}} Figure what Python's plotly would draw, without looks
 */

const NEAR = '200px'; // how far from the window, or from what is in sight of the panel, a plot is drawn
const SETTINGS = { displayModeBar: false, responsive: false, doubleClick: false };

export class Plot {
  /** @param {Figure} figure @param {string} space which samples its samples are of @param {string} label */
  constructor(figure, space = '', label = 'Plot') {
    this.canvas = element('div', { class: 'plot', role: 'img' });
    this.modes = new Modes(() => this.draw());
    this.root = element('div', { class: 'plot-frame' }, this.canvas, this.modes.root);
    this.drawn = false;
    this.gone = false;
    this.near = false;
    this.stale = false;
    this.linked = new Linked(this);
    this.figure = this.take(figure, space, label);
    this.observer = new IntersectionObserver((entries) => this.moved(entries[entries.length - 1].isIntersecting), { rootMargin: NEAR, scrollMargin: NEAR });
    this.observer.observe(this.root);
    this.sizes = new ResizeObserver(() => this.drawn && !this.gone && this.root.clientWidth && window.Plotly.Plots.resize(this.canvas));
    this.stopTheme = onTheme(() => redraw(this));
  }

  /** @param {Figure} figure @param {string} space @param {string} label */
  take(figure, space, label) {
    this.figure = figure;
    this.root.style.height = `${figure.layout.height}px`;
    this.canvas.setAttribute('aria-label', label);
    this.linked.take(figure.data, space, label);
    return figure;
  }

  /** @param {boolean} near */
  moved(near) {
    this.near = near;
    if (near && !this.drawn) this.appear();
    else if (near && this.stale) this.draw();
  }

  /** Draw for the first time. */
  async appear() {
    await plotly();
    if (this.gone || this.drawn) return;
    this.drawn = true;
    await this.paint();
    if (this.gone) return;
    this.sizes.observe(this.root);
    this.linked.listen();
  }

  /** Show other data in the same place. @param {Figure} figure @param {string} space @param {string} label */
  change(figure, space = '', label = 'Plot') {
    this.take(figure, space, label);
    this.draw();
  }

  /** Draw what is new: now, or when the plot comes near. */
  draw() {
    this.stale = !this.near;
    return this.drawn && this.near && !this.gone ? this.paint() : undefined;
  }

  paint() {
    const { data, layout } = this.figure;
    const colors = palette();
    const chosen = this.linked.chosen();
    const height = this.root.closest('dialog') ? undefined : layout.height;
    const traces = data.map((trace) => brushed(themedTrace(trace, colors), chosen));
    const whole = { ...themedLayout(layout, colors), dragmode: this.modes.mode, selections: [], height };
    return window.Plotly.react(this.canvas, traces, whole, SETTINGS);
  }

  destroy() {
    this.gone = true;
    this.observer.disconnect();
    this.sizes.disconnect();
    this.stopTheme();
    this.linked.destroy();
    if (this.drawn) window.Plotly.purge(this.canvas);
  }
}
