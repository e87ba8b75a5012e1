/** Follows the server's events: models and checkpoints appear by themselves; that it is lost, and back, is told. */
import { retry, setProperty } from './bus.js';

const PAUSE = 250; // ms between two askings, at least: the first change is asked for at once
const PATIENCE = 10_000; // ms after which an asking that was not answered is given up
const AGAIN = 1000; // ms before a stream that the browser has given up is opened anew

let asked = 0; // the state of the data that was asked for last
let begun = -Infinity;
let underway = false;
let waiting = false;
/** @type {ReturnType<typeof setTimeout> | undefined} */
let timer;

/** Ask for the newest state, but only when the page shows the one before: answers that nobody waits for are thrown away. */
function changed() {
  waiting = true;
  if (underway && performance.now() - begun < PATIENCE) return;
  timer ??= setTimeout(ask, Math.max(0, begun + PAUSE - performance.now()));
}

function ask() {
  timer = undefined;
  waiting = false;
  underway = true;
  begun = performance.now();
  setProperty('live', 'data', (asked += 1));
}

/** Everything shows some state of the data. @param {number[]} shown a state for each region */
export function settled(shown) {
  if (!shown.every((state) => state === asked)) return;
  underway = false;
  if (waiting) changed();
}

/* ---- whether the server is there */

let there = true;
/** @type {Set<(there: boolean) => void>} */
const watchers = new Set();

/** Whether the server answers, as far as the page knows. */
export const online = () => there;

/** Call `watcher` whenever the server is lost or back; returns how to stop. @param {(there: boolean) => void} watcher */
export function onServer(watcher) {
  watchers.add(watcher);
  return () => watchers.delete(watcher);
}

/** Wait until the server answers; who asks it again in vain waits again. @returns {Promise<void>} */
export function whenOnline() {
  if (there) return Promise.resolve();
  return new Promise((resolve) => {
    const stop = onServer((back) => back && (stop(), resolve()));
  });
}

/** @param {boolean} now */
function found(now) {
  if (now === there) return;
  there = now;
  document.documentElement.classList.toggle('offline', !there);
  if (there) recover();
  for (const watcher of [...watchers]) watcher(there);
}

/** Ask for what has changed meanwhile, and tell what has happened meanwhile. */
function recover() {
  underway = false;
  changed();
  retry();
}

/** Listen for as long as the page lives; the browser connects again by itself. */
export function followServer() {
  const source = new EventSource('/api/events');
  for (const kind of ['model_added', 'model_changed', 'model_removed', 'checkpoint_added']) source.addEventListener(kind, changed);
  source.onmessage = changed;
  source.onopen = () => found(true);
  source.onerror = () => {
    found(false);
    if (source.readyState === EventSource.CLOSED) setTimeout(() => (source.close(), followServer()), AGAIN);
  };
  window.addEventListener('beforeunload', () => source.close());
}
