/** Tables of what was and is; what came and went is told by signs, not by colours alone. */
import { element } from '../html.js';

/** @typedef {{kind: string, sign: string, name: string, about: string, before: string | null, after: string | null}} Row */
/** @typedef {{title: string, empty: string, rows: Row[]}} Section */

/** @param {Section} section */
export const section = ({ title, empty, rows }) =>
  element(
    'section',
    { class: 'changes' },
    element('h3', {}, title),
    rows.length ? element('table', {}, element('tbody', {}, ...rows.map(row))) : element('p', { class: 'empty' }, empty),
  );

/** @param {Row} row */
const row = ({ kind, sign, name, about, before, after }) =>
  element(
    'tr',
    { class: kind },
    element('td', { class: 'sign', title: kind, 'aria-label': kind }, sign),
    element('th', { scope: 'row', colspan: before === null && after === null ? 2 : null }, name, about ? element('small', {}, about) : null),
    before === null && after === null ? null : element('td', {}, element('s', {}, before ?? '–'), ' → ', element('b', {}, after ?? '–')),
  );
