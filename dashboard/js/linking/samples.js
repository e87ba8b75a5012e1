/** Samples: the hovered one is lit wherever it is seen, the selection in force is marked everywhere. */
import { send } from '../events.js';
import { parseSample } from './paths.js';

/** @typedef {{space: string, samples: number[]}} Lit */
/** @typedef {{space: string, samples: Set<number>}} Chosen */

let hovered = '';
/** @type {Chosen} */
let chosen = { space: '', samples: new Set() };
/** @type {Set<(key: string) => void>} */
const followers = new Set();
/** @type {Set<(chosen: Chosen) => void>} */
const marked = new Set();

/** Call `watcher` with the name of every sample that is hovered from now on, empty for none; returns how to stop. @param {(key: string) => void} watcher */
export function onSample(watcher) {
  followers.add(watcher);
  return () => followers.delete(watcher);
}

/** Call `watcher` whenever another selection is marked; returns how to stop. @param {(chosen: Chosen) => void} watcher */
export function onLit(watcher) {
  marked.add(watcher);
  return () => marked.delete(watcher);
}

/** Light the same sample in every widget. @param {string} key `SPACE:NUMBER`, empty for none */
export function hoverSample(key) {
  if (key === hovered) return;
  hovered = key;
  for (const element of document.querySelectorAll('.same-sample')) element.classList.remove('same-sample');
  for (const watcher of followers) watcher(key);
  if (!key) return;
  for (const element of document.querySelectorAll(`[data-sample="${CSS.escape(key)}"]`)) element.classList.add('same-sample');
}

/** Mark a selection in every widget, those to come included. @param {Lit | null | undefined} selection */
export function lit(selection) {
  chosen = { space: selection?.space ?? '', samples: new Set(selection?.samples ?? []) };
  markIn(document);
  for (const watcher of marked) watcher(chosen);
}

/** Return the selection that is marked. */
export const litNow = () => chosen;

/** Mark what of an element belongs to the selection; called after new content was made. @param {ParentNode} root */
export function markIn(root) {
  for (const element of /** @type {NodeListOf<HTMLElement>} */ (root.querySelectorAll('[data-sample]'))) {
    const { space, sample } = parseSample(element.dataset.sample ?? '');
    const is = space === chosen.space && chosen.samples.has(sample);
    element.classList.toggle('chosen', is);
    if (element.hasAttribute('aria-selected')) element.setAttribute('aria-selected', String(is));
  }
}

/** Add a sample to what is brushed, or take it away. @param {string} key */
export function toggleSample(key) {
  send({ type: 'toggle_sample', ...parseSample(key) });
}

/**
 * Make samples what is brushed; none ends it.
 * @param {string} space @param {Iterable<number>} samples @param {boolean} more beside those that are
 */
export function selectSamples(space, samples, more = false) {
  const before = more && chosen.space === space ? chosen.samples : [];
  send({ type: 'samples', space, samples: [...new Set([...before, ...samples])].sort((a, b) => a - b) });
}

