/**
 * Everything that parts of the page tell each other: events to the server, hovered units, hovered samples.
 * @typedef {{type: string, [key: string]: any}} Event
 */

/** Set a property of a Dash component. */
export const setProperty = (id, name, value) => window.dash_clientside.set_props(id, { [name]: value });

/* ---- events: one at a time, so that each begins from the view that the one before has left */

const PATIENCE = 10_000; // ms after which events that were not answered are sent again

let waiting = [];
let underway = [];
let number = 0;
let timer = 0;

/** Send something that happened to the one callback that changes the view. @param {Event} event */
export function send(event) {
  waiting.push(event);
  flush();
}

/** The callback has answered: the next events may go. */
export function acknowledge() {
  clearTimeout(timer);
  underway = [];
  flush();
}

/** Send again what was not answered: the server was away, or Dash has dropped it. A late answer counts no more. */
export function retry() {
  clearTimeout(timer);
  waiting = [...underway, ...waiting];
  underway = [];
  flush();
}

function flush() {
  if (underway.length || !waiting.length) return;
  [underway, waiting] = [waiting, []];
  number += 1;
  setProperty('event', 'data', { number, events: underway });
  timer = setTimeout(retry, PATIENCE);
}

/* ---- hovering a unit lights everything that stands for it */

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
  const layer = ancestors(uoa).find((path) => document.querySelector(box(path)));
  if (layer) document.querySelector(box(layer)).classList.add('linked');
}

const box = (uoa) => `.node[data-uoa="${CSS.escape(uoa)}"]`;

/** Return the selector of a unit, of all below it, and of what names it among others. */
function selectorOf(uoa) {
  const path = CSS.escape(uoa);
  return [`[data-uoa="${path}"]`, `[data-uoa^="${path}/"]`, `[data-uoa^="${path}#"]`, `[data-uoas~="${path}"]`].join(',');
}

/** Return the paths above a unit, nearest first: `m/a/b#3` is in `m/a/b`, `m/a`, `m`. @param {string} uoa */
export function ancestors(uoa) {
  const paths = [];
  for (let end = Math.max(uoa.lastIndexOf('/'), uoa.lastIndexOf('#')); end > 0; ) {
    paths.push(uoa.slice(0, end));
    end = Math.max(uoa.lastIndexOf('/', end - 1), uoa.lastIndexOf('#', end - 1));
  }
  return paths;
}

/** Light the same sample of the same data in every widget. @param {string} sample empty: none */
export function hoverSample(sample) {
  for (const element of document.querySelectorAll('.same-sample')) element.classList.remove('same-sample');
  if (sample === '') return;
  for (const element of document.querySelectorAll(`[data-sample="${CSS.escape(sample)}"]`)) {
    element.classList.add('same-sample');
  }
}

/** Begin to follow the pointer and the keyboard's focus. */
export function follow() {
  const enter = (event) => {
    if (!(event.target instanceof Element)) return;
    const unit = event.target.closest('[data-uoa]');
    const sample = event.target.closest('[data-sample]');
    hover(unit ? unit.dataset.uoa : '');
    hoverSample(sample ? sample.dataset.sample : '');
  };
  document.addEventListener('pointerover', enter);
  document.addEventListener('focusin', enter);
}
