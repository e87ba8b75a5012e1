/** Samples: the hovered one is lit wherever it is seen, the selection in force is marked everywhere. */
import { send } from '../events.js';
import { parseSample, sampleKey } from './paths.js';

/** @typedef {{space: string, samples: number[]}} Lit a selection as the server tells it */
/** @typedef {{space: string, samples: Set<number>, keys: Set<string>}} Some samples of one space, and what they are called */

const FEW = 20; // samples that are looked for by their names: of more, every sample on the page is asked whether it is one

/** Without a space it is not known which samples they are: there are none. @param {string} space @param {number[]} samples @returns {Some} */
const some = (space, samples) => ({ space, samples: new Set(space ? samples : []), keys: new Set(space ? samples.map((each) => sampleKey(space, each)) : []) });

let hovered = some('', []);
let chosen = some('', []);
/** @type {Set<(hovered: Some) => void>} */
const followers = new Set();
/** @type {Set<(chosen: Some) => void>} */
const marked = new Set();

/** Call `watcher` with the samples that are hovered from now on; returns how to stop. @param {(hovered: Some) => void} watcher */
export function onSample(watcher) {
  followers.add(watcher);
  return () => followers.delete(watcher);
}

/** Call `watcher` whenever another selection is marked; returns how to stop. @param {(chosen: Some) => void} watcher */
export function onLit(watcher) {
  marked.add(watcher);
  return () => marked.delete(watcher);
}

/** Light the same sample in every widget. @param {string} key `SPACE:NUMBER`, empty for none */
export function hoverSample(key) {
  const { space, sample } = parseSample(key);
  hoverSamples(space, key ? [sample] : []);
}

/** Light the same samples in every widget. @param {string} space @param {number[]} samples */
export function hoverSamples(space, samples) {
  const found = some(space, samples);
  if (found.keys.size === hovered.keys.size && [...found.keys].every((key) => hovered.keys.has(key))) return;
  hovered = found;
  for (const element of document.querySelectorAll('.same-sample')) element.classList.remove('same-sample');
  for (const watcher of followers) watcher(hovered);
  for (const element of elementsOf(hovered)) element.classList.add('same-sample');
}

/** Mark a selection in every widget, those to come included. @param {Lit | null | undefined} selection */
export function lit(selection) {
  chosen = some(selection?.space ?? '', selection?.samples ?? []);
  markIn(document);
  for (const watcher of marked) watcher(chosen);
}

/** Return which samples of a space are marked, null for none. @param {string} space */
export const chosenIn = (space) => (chosen.samples.size && chosen.space === space ? chosen.samples : null);

/** Return the selection that is marked. */
export const litNow = () => chosen;

/** Mark what of an element belongs to the selection; called after new content was made. @param {ParentNode} root */
export function markIn(root) {
  for (const element of elements(root)) {
    const is = chosen.keys.has(element.dataset.sample ?? '');
    element.classList.toggle('chosen', is);
    if (element.hasAttribute('aria-selected')) element.setAttribute('aria-selected', String(is));
  }
}

/** @param {ParentNode} root @returns {NodeListOf<HTMLElement>} */
const elements = (root) => root.querySelectorAll('[data-sample]');

/** @param {Some} some @returns {Iterable<HTMLElement>} */
function elementsOf({ keys }) {
  if (!keys.size) return [];
  if (keys.size > FEW) return [...elements(document)].filter((element) => keys.has(element.dataset.sample ?? ''));
  return document.querySelectorAll([...keys].map((key) => `[data-sample="${CSS.escape(key)}"]`).join(','));
}

/** Add a sample to what is brushed, or take it away. @param {string} key */
export function toggleSample(key) {
  if (key) send({ type: 'toggle_sample', ...parseSample(key) });
}

/**
 * Make samples what is brushed; none ends it.
 * @param {string} space @param {Iterable<number>} samples
 */
export function selectSamples(space, samples) {
  if (space) send({ type: 'samples', space, samples: [...new Set(samples)].sort((a, b) => a - b) });
}

