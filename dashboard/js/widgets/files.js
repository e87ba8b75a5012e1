/** Files that a widget offers: the server is asked for each when it is wanted. */
import { element, icon } from '../html.js';
import { saveBlob } from '../save.js';

/** @typedef {{title: string, name: string, accept: string, path: string, body: object}} File what is asked, and what it is saved as */

/** @param {File[]} files */
export const files = (files) => element('div', { class: 'files' }, ...files.map(file));

/** @param {File} file */
function file(file) {
  const state = element('span', { class: 'file-state', role: 'status' });
  const button = element('button', { type: 'button', class: 'file', title: `Save ${file.name}` }, icon('download'), file.title, state);
  button.addEventListener('click', () => save(file, button, state));
  return button;
}

/** @param {File} file @param {HTMLElement} button @param {HTMLElement} state */
async function save(file, button, state) {
  button.setAttribute('aria-busy', 'true');
  state.textContent = '…';
  try {
    const blob = await asked(file);
    saveBlob(file.name, blob);
    state.textContent = readable(blob.size);
  } catch (error) {
    state.textContent = error instanceof Error ? error.message : String(error);
  }
  button.removeAttribute('aria-busy');
}

/** @param {File} file */
async function asked({ path, body, accept }) {
  const answer = await fetch(path, { method: 'POST', headers: { 'Content-Type': 'application/json', Accept: accept }, body: JSON.stringify(body) });
  if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).detail ?? `the server answered ${answer.status}`);
  return answer.blob();
}

/** Return bytes as people read them. @param {number} bytes */
export function readable(bytes) {
  if (bytes < 1000) return `${bytes} B`;
  const [size, unit] = bytes < 1e6 ? [bytes / 1e3, 'kB'] : [bytes / 1e6, 'MB'];
  return `${size < 10 ? size.toFixed(1) : Math.round(size)} ${unit}`;
}
