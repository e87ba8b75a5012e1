/** Follows the server's events: models and checkpoints appear by themselves. */
import { setProperty } from './bus.js';

const PAUSE = 120; // ms in which changes are collected before the page asks anew

/** Listen for as long as the page lives; the browser connects again by itself. */
export function followServer() {
  const source = new EventSource('/api/events');
  let timer = 0;
  let changes = 0;
  let lost = false;
  const changed = () => {
    clearTimeout(timer);
    timer = setTimeout(() => setProperty('live', 'data', (changes += 1)), PAUSE);
  };
  for (const kind of ['model_added', 'model_changed', 'model_removed', 'checkpoint_added']) source.addEventListener(kind, changed);
  source.onmessage = changed;
  source.onopen = () => {
    document.documentElement.classList.remove('offline');
    if (lost) changed();
    lost = false;
  };
  source.onerror = () => {
    lost = true;
    document.documentElement.classList.add('offline');
    if (source.readyState === EventSource.CLOSED) setTimeout(() => (source.close(), followServer()), 1000);
  };
  window.addEventListener('beforeunload', () => source.close());
}
