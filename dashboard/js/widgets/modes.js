/** How the pointer selects in a plot: by a click, with a lasso, with a box. */
import { element, icon } from '../html.js';

/** @typedef {false | 'lasso' | 'select'} Mode as Plotly calls it */

/** @type {{mode: Mode, icon: string, title: string}[]} */
const MODES = [
  { mode: false, icon: 'pointer', title: 'Point: a click selects a sample' },
  { mode: 'lasso', icon: 'lasso', title: 'Lasso: draw around samples to select them' },
  { mode: 'select', icon: 'squares-selected', title: 'Box: draw a box around samples to select them' },
];

export class Modes {
  /** @param {() => void} changed */
  constructor(changed) {
    /** @type {Mode} */
    this.mode = false;
    this.changed = changed;
    this.buttons = MODES.map(({ mode, icon: name, title }) =>
      element('button', { type: 'button', title, 'aria-label': title, 'data-mode': String(mode), click: () => this.choose(mode) }, icon(name)),
    );
    this.root = element('div', { class: 'modes', role: 'group', 'aria-label': 'How the pointer selects', hidden: true }, ...this.buttons);
    this.show();
  }

  /** Offer the modes only where there is something to select. @param {boolean} able */
  allow(able) {
    this.root.hidden = !able;
    if (!able) this.mode = false;
  }

  /** @param {Mode} mode */
  choose(mode) {
    this.mode = mode;
    this.show();
    this.changed();
  }

  show() {
    for (const button of this.buttons) button.setAttribute('aria-pressed', String(button.dataset.mode === String(this.mode)));
  }
}
