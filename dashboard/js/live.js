/** Follows the server's events: models and checkpoints appear by themselves. */
import { retry, setProperty } from './bus.js';

const PAUSE = 250; // ms between two askings, at least: the first change is asked for at once
const PATIENCE = 10_000; // ms after which an asking that was not answered is given up

let asked = 0; // the state of the data that was asked for last
let begun = -Infinity;
let underway = false;
let waiting = false;
let timer = 0;

/** Ask for the newest state, but only when the page shows the one before: answers that nobody waits for are thrown away. */
function changed() {
  waiting = true;
  if (underway && performance.now() - begun < PATIENCE) return;
  timer ||= setTimeout(ask, Math.max(0, begun + PAUSE - performance.now()));
}

function ask() {
  timer = 0;
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

/** Listen for as long as the page lives; the browser connects again by itself. */
export function followServer() {
  const source = new EventSource('/api/events');
  let lost = false;
  for (const kind of ['model_added', 'model_changed', 'model_removed', 'checkpoint_added']) source.addEventListener(kind, changed);
  source.onmessage = changed;
  source.onopen = () => {
    document.documentElement.classList.remove('offline');
    if (lost) {
      underway = false;
      changed();
      retry();
    }
    lost = false;
  };
  source.onerror = () => {
    lost = true;
    document.documentElement.classList.add('offline');
    if (source.readyState === EventSource.CLOSED) setTimeout(() => (source.close(), followServer()), 1000);
  };
  window.addEventListener('beforeunload', () => source.close());
}
