/** Lines to copy: what is known of the page and its store is filled in, so that they run where they are pasted. */
import { literal, quoted } from './queries.js';

/**
 * Return lines with the address and the store in the places that `tools/export.py` keeps for them.
 * @param {string} lines @param {string} address @param {string} store its folder
 */
export const filled = (lines, address, store) =>
  lines.replaceAll('{address}', () => address).replaceAll('{store:shell}', () => quoted(store)).replaceAll('{store}', () => literal(store));
