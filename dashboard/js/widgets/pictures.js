/** Pictures of samples, maps and kernels: a grid through which the arrow keys lead. */
import { element } from '../html.js';
import { sampleKey } from '../linking/paths.js';

/**
 * @typedef {{src?: string, text?: string, label: string, uoa?: string, sample?: number, mark?: string,
 *   tip?: string, model?: string}} Picture `src` is an image, `text` the words of a sequence
 */

/** @param {Picture[]} entries @param {string} space tells which samples the numbers are of */
export function pictures(entries, space) {
  const words = entries.some(({ text }) => text !== undefined);
  const selectable = Boolean(space) && entries.some(({ sample }) => sample !== undefined);
  const role = selectable ? { role: 'listbox', 'aria-multiselectable': 'true', 'aria-label': 'Samples' } : { role: 'list' };
  const grid = element('div', { class: words ? 'pictures words' : 'pictures', ...role, keydown: moved, focusin: roving });
  grid.append(...entries.map((entry, index) => picture(entry, space, selectable, index === 0)));
  return grid;
}

/** @param {Picture} entry @param {string} space @param {boolean} selectable @param {boolean} first */
function picture({ src, text, label, uoa, sample, mark, tip }, space, selectable, first) {
  const seen = src ? element('img', { src, alt: '' }) : element('span', { class: text === undefined ? 'no-image' : 'text' }, text ?? '');
  return element(
    'div',
    {
      class: mark ? 'picture marked' : 'picture',
      role: selectable ? 'option' : 'listitem',
      'aria-selected': selectable ? 'false' : null,
      'aria-label': [...new Set([text, label, tip])].filter(Boolean).join(', ').replaceAll('\n', ', ') || 'picture',
      tabindex: first ? 0 : -1,
      title: tip ?? label,
      'data-uoa': uoa,
      'data-sample': sampleKey(space, sample) || null,
    },
    seen,
    label ? element('span', { class: 'label' }, label) : null,
  );
}

/** Lead the focus through the grid. @param {KeyboardEvent} event */
function moved(event) {
  const grid = /** @type {HTMLElement} */ (event.currentTarget);
  const cells = /** @type {HTMLElement[]} */ ([...grid.children]);
  const at = cells.indexOf(/** @type {HTMLElement} */ (document.activeElement));
  const columns = cells.filter(({ offsetTop }) => offsetTop === cells[0]?.offsetTop).length;
  const to = neighbourIn(at, event.key, columns, cells.length);
  if (at < 0 || to === null) return;
  event.preventDefault();
  cells[to].focus();
}

/**
 * Return the place that a key leads to in a grid that is filled row by row; null for other keys.
 * @param {number} at @param {string} key @param {number} columns @param {number} count @returns {number | null}
 */
export function neighbourIn(at, key, columns, count) {
  /** @type {Record<string, number>} */
  const places = { ArrowLeft: at - 1, ArrowRight: at + 1, ArrowUp: at - columns, ArrowDown: at + columns, Home: 0, End: count - 1 };
  if (!(key in places)) return null;
  return places[key] >= 0 && places[key] < count ? places[key] : at;
}

/** Only one picture of a grid is met by Tab: the one that had the focus last. @param {FocusEvent} event */
function roving(event) {
  const grid = /** @type {HTMLElement} */ (event.currentTarget);
  for (const cell of grid.children) cell.setAttribute('tabindex', cell === event.target ? '0' : '-1');
}
