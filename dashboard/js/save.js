/** Saving what the page holds as files. */
import { element } from './html.js';

const KEPT = 10_000; // ms in which the browser has begun to write the file

/** @param {string} name @param {Blob} blob */
export function saveBlob(name, blob) {
  const url = URL.createObjectURL(blob);
  element('a', { href: url, download: name }).click();
  setTimeout(() => URL.revokeObjectURL(url), KEPT);
}

/** @param {string} name @param {string} text @param {string} type */
export const saveText = (name, text, type) => saveBlob(name, new Blob([text], { type: `${type};charset=utf-8` }));

/** Return the name of a file that says what is in it. @param {string} title @param {string} where */
export const fileName = (title, where) => `${title} ${where}`.replace(/[^\p{L}\p{N}@]+/gu, '-').replace(/^-|-$/g, '').toLowerCase().slice(0, 120);
