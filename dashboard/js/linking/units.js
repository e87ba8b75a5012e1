/** Hovering a unit lights everything that stands for it. */
import { ancestors } from './paths.js';

let hovered = '';
/** @type {Set<(uoa: string) => void>} */
const watchers = new Set();

/** Call `watcher` with every unit that is lit from now on, empty for none; returns how to stop. @param {(uoa: string) => void} watcher */
export function onHover(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Light a unit, what is inside it, and the box that it is in. @param {string} uoa empty: nothing */
export function hover(uoa) {
  if (uoa === hovered) return;
  hovered = uoa;
  for (const element of document.querySelectorAll('.linked')) element.classList.remove('linked');
  for (const watcher of watchers) watcher(uoa);
  if (!uoa) return;
  for (const element of document.querySelectorAll(selectorOf(uoa))) element.classList.add('linked');
  ancestors(uoa).map(boxOf).find(Boolean)?.classList.add('linked');
}

/** @param {string} uoa */
const boxOf = (uoa) => document.querySelector(`.node[data-uoa="${CSS.escape(uoa)}"]`);

/**
 * Return the selector of a unit, of all below it, and of what names it among others. In the drawing only the
 * pictograms in its own box are below it: a model, or a group that is unfolded, would light all of it.
 * @param {string} uoa
 */
function selectorOf(uoa) {
  const path = CSS.escape(uoa);
  const [itself, below] = [`[data-uoa="${path}"]`, `[data-uoa^="${path}/"]`];
  return [itself, `${below}:not(.graph-view *)`, `.node${itself} ${below}`, `[data-uoa^="${path}#"]`, `[data-uoas~="${path}"]`].join(',');
}
