/** Samples: the hovered one is lit wherever it is seen, the selection in force is marked everywhere. */
import { send } from '../events.js';
import { parseSample } from './paths.js';

/** @typedef {{space: string, samples: number[]}} Lit a selection as the server tells it */
/** @typedef {{space: string, samples: Set<number>}} Some samples of one space */

/** @type {Some} */
let hovered = { space: '', samples: new Set() };
/** @type {Some} */
let chosen = { space: '', samples: new Set() };
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
  if (space === hovered.space && samples.length === hovered.samples.size && samples.every((sample) => hovered.samples.has(sample))) return;
  hovered = { space, samples: new Set(samples) };
  for (const element of document.querySelectorAll('.same-sample')) element.classList.remove('same-sample');
  for (const watcher of followers) watcher(hovered);
  for (const element of samples.length ? elements(document) : []) {
    if (among(hovered, element)) element.classList.add('same-sample');
  }
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
  for (const element of elements(root)) {
    const is = among(chosen, element);
    element.classList.toggle('chosen', is);
    if (element.hasAttribute('aria-selected')) element.setAttribute('aria-selected', String(is));
  }
}

/** @param {ParentNode} root @returns {NodeListOf<HTMLElement>} */
const elements = (root) => root.querySelectorAll('[data-sample]');

/** @param {Some} some @param {HTMLElement} element */
function among(some, element) {
  const { space, sample } = parseSample(element.dataset.sample ?? '');
  return space === some.space && some.samples.has(sample);
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

