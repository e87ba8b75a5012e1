/** The toolbox by keyboard, with or without names; and what to click when a tool is chosen. */
import { element } from './html.js';

const NAMES = 'inspectree-tool-names';

/** What the units that a tool can be applied to are called. @type {Record<string, string>} */
const KINDS = {
  experiment: 'an experiment', model: 'a model', group: 'a nested model', layer: 'a layer', weights: 'a variable', operation: 'an operation', unit: 'a neuron',
};

/** Begin to follow the toolbox. */
export function followToolbox() {
  const box = document.getElementById('toolbox');
  if (!box) return;
  box.addEventListener('keydown', (event) => moved(box, event));
  box.addEventListener('focusin', (event) => event.target instanceof HTMLElement && reach(box, event.target));
  new MutationObserver(() => tell(box)).observe(box, { childList: true, subtree: true, attributeFilter: ['aria-pressed'] });
  tell(box);
}

/** Show or hide the tools' names, and remember which. */
export function toggleNames() {
  const on = document.documentElement.toggleAttribute('data-tool-names');
  if (on) localStorage.setItem(NAMES, 'yes');
  else localStorage.removeItem(NAMES);
}

/** @param {HTMLElement} box @returns {HTMLElement[]} */
const buttons = (box) => [...box.querySelectorAll('button')];

/** Of all tools one is in the tab order: the one that was reached last. @param {HTMLElement} box @param {HTMLElement} target */
function reach(box, target) {
  if (target.matches('button')) for (const button of buttons(box)) button.tabIndex = button === target ? 0 : -1;
}

/** @param {HTMLElement} box @param {KeyboardEvent} event */
function moved(box, event) {
  const all = buttons(box);
  const from = all.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const places = all.map((button) => button.getBoundingClientRect());
  const to = from < 0 ? 0 : neighbour(places, from, event.key);
  if (to === undefined) return;
  event.preventDefault();
  event.stopPropagation();
  all[to].focus();
}

/**
 * Return which button a key leads to: the next or the one before, or the nearest one below or above.
 * @param {{x: number, y: number}[]} places @param {number} from @param {string} key
 * @returns {number | undefined} undefined for keys that lead nowhere
 */
export function neighbour(places, from, key) {
  const last = places.length - 1;
  if (key === 'Home') return 0;
  if (key === 'End') return last;
  if (key === 'ArrowRight') return Math.min(from + 1, last);
  if (key === 'ArrowLeft') return Math.max(from - 1, 0);
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined;
  const { x, y } = places[from];
  const side = key === 'ArrowDown' ? 1 : -1;
  const beyond = places.map((_, index) => index).filter((index) => (places[index].y - y) * side > 1);
  /** @param {number} index */
  const distance = (index) => Math.abs(places[index].y - y) * 1000 + Math.abs(places[index].x - x);
  return beyond.length ? beyond.reduce((best, index) => (distance(index) < distance(best) ? index : best)) : from;
}

/** Say in the inspection panel what the chosen tool is waiting for. @param {HTMLElement} box */
function tell(box) {
  const bar = document.getElementById('tool-hint');
  const chosen = /** @type {HTMLElement | null} */ (box.querySelector('[aria-pressed="true"]:not([data-tool="select"])'));
  if (!bar) return;
  const name = chosen?.dataset.tool;
  if (bar.dataset.tool === (name ?? '')) return;
  bar.dataset.tool = name ?? '';
  if (!name) return bar.replaceChildren();
  const fitting = /** @type {NodeListOf<HTMLElement>} */ (document.querySelectorAll(`.graph-view [data-fits~="${CSS.escape(name)}"]`));
  bar.replaceChildren(element('b', {}, chosen.getAttribute('aria-label')), `: click ${listed([...fitting].map(({ dataset }) => dataset.kind ?? ''))}`, element('kbd', {}, 'Esc'), 'puts it away');
}

/** Return kinds of units as people say them: `a layer or a variable`. @param {string[]} kinds */
export function listed(kinds) {
  const names = Object.keys(KINDS).filter((kind) => kinds.includes(kind)).map((kind) => KINDS[kind]);
  return names.length ? names.join(', ').replace(/, ([^,]*)$/, ' or $1') : 'a unit that it fits';
}
