/** What can be done with a unit of the drawing: select it, apply a tool, look inside, unfold it. */
import { hand, send } from '../bus.js';
import { openMenu } from '../menu.js';
import { comparisons, descendBoth } from './comparing.js';

/** @typedef {import('./types.js').Tool} Tool */

const UNFOLDS = new Set(['group', 'fold']);

/**
 * Return the unit, the nearest one around it, or the only one inside it that a tool fits.
 * @param {HTMLElement} unit @param {string} tool @returns {HTMLElement | null}
 */
export function fitting(unit, tool) {
  /** @type {HTMLElement | null | undefined} */
  let each = unit;
  for (; each; each = each.parentElement?.closest('[data-uoa]')) {
    if (each.dataset.fits?.split(' ').includes(tool)) return each;
  }
  /** @type {NodeListOf<HTMLElement>} */
  const inside = unit.querySelectorAll(`[data-fits~="${CSS.escape(tool)}"]`);
  return inside.length === 1 ? inside[0] : null;
}

/** Tell whether a unit is a box that can be unfolded, or one that is. @param {HTMLElement} unit */
export const unfolds = (unit) => (unit.matches('.node') ? UNFOLDS.has(unit.dataset.kind ?? '') : unit.matches('.frame.open'));

export class Units {
  constructor() {
    /** @type {Tool[]} */
    this.tools = [];
    /** @type {import('./types.js').Drawing | null} */
    this.graph = null;
    this.selected = '';
    this.unfolding = ''; // until the next drawing: two clicks in a row unfold once
  }

  /** The tool in hand. @returns {Tool | null} */
  get tool() {
    return this.tools.find(({ name }) => name === hand.tool) ?? null;
  }

  /** Select a unit, apply the chosen tool to it, or unfold what is no unit. @param {HTMLElement | null} unit */
  choose(unit) {
    if (unit?.dataset.kind === 'fold') {
      if (!this.tool && unit.matches('.node')) this.unfold(unit);
      return;
    }
    if (!unit) return send({ type: 'select', uoa: '' });
    if (!this.tool) return send({ type: 'select', uoa: unit.dataset.uoa });
    const found = fitting(unit, this.tool.name);
    if (found) send({ type: 'apply', uoa: found.dataset.uoa, tool: this.tool.name });
  }

  /** @param {HTMLElement} unit */
  descend(unit) {
    if (this.graph && descendBoth(this.graph, unit.dataset.uoa ?? '')) return;
    if (unit.dataset.kind !== 'fold') send({ type: 'descend', uoa: unit.dataset.uoa, kind: unit.dataset.kind });
    else if (unit.matches('.node')) this.unfold(unit);
  }

  /** Unfold a box in its place, or fold it again. @param {HTMLElement} unit */
  unfold(unit) {
    if (this.graph?.comparison && unit.dataset.kind === 'group') this.descend(unit); // there is no room in its place
    else this.toggle(unit.dataset.uoa ?? '');
  }

  /** @param {string} uoa */
  toggle(uoa) {
    if (this.unfolding === uoa) return;
    this.unfolding = uoa;
    send({ type: 'unfold', uoa });
  }

  /** Offer what can be done with a unit. @param {HTMLElement} unit @param {number} x @param {number} y */
  menu(unit, x, y) {
    const { uoa, kind = '', fits = '' } = unit.dataset;
    const names = fits.split(' ');
    /** @type {import('../menu.js').Entry[]} */
    const entries = this.tools
      .filter(({ name }) => names.includes(name))
      .map(({ name, title, icon = '', family }) => ({ title, icon, family, choose: () => send({ type: 'apply', uoa, tool: name }) }));
    if (this.graph) entries.unshift(...comparisons(this.graph, uoa ?? '', this.selected));
    if (unfolds(unit) && !(kind === 'group' && this.graph?.comparison)) {
      const open = unit.matches('.frame');
      entries.unshift({ title: open ? 'Fold again' : 'Unfold in place', icon: open ? 'chevron-up' : 'chevron-down', choose: () => this.unfold(unit) });
    }
    if (!['experiment', 'unit', 'fold'].includes(kind)) entries.unshift({ title: 'Look inside', icon: 'zoom-in', choose: () => this.descend(unit) });
    if (entries.length) openMenu(x, y, entries, unit);
  }
}
