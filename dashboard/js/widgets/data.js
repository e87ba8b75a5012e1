/** What a widget shows, as tables of values and as CSV. */

/** @typedef {import('./card.js').Shown} Shown */
/** @typedef {import('./plot.js').Trace} Trace */
/** @typedef {{columns: string[], rows: unknown[][]}} Values */

/** Return the values that content shows, a value in each cell; null where it shows none. @param {Shown} content @returns {Values | null} */
export function valuesOf({ table, figure, pictures, sections }) {
  if (table) return { columns: table.columns.map(({ title }) => title), rows: table.rows };
  if (figure) return tidy(figure.data);
  if (pictures?.length) return filled(['label', 'text', 'mark', 'sample', 'uoa', 'tip'], pictures.map((picture) => ({ ...picture })));
  if (sections?.length) return filled(['section', 'kind', 'name', 'about', 'before', 'after'], sections.flatMap(({ title, rows }) => rows.map((row) => ({ section: title, ...row }))));
  return null;
}

/** Return a row for each point of a figure, and for each cell of a heat map. @param {Trace[]} traces @returns {Values} */
export const tidy = (traces) => filled(['trace', 'x', 'y', 'z', ...BOX, 'left', 'right', 'text', 'sample', 'uoa'], traces.flatMap((trace) => pointsOf(trace)));

const BOX = ['lowerfence', 'q1', 'median', 'q3', 'upperfence'];

/** @param {Trace} trace @returns {Record<string, unknown>[]} */
function pointsOf(trace) {
  const { name, x, y, z, meta, text } = trace;
  if (z) return z.flatMap((/** @type {unknown[]} */ row, /** @type {number} */ down) => row.map((value, across) => ({ trace: name, x: x?.[across] ?? across, y: y?.[down] ?? down, z: value, uoa: meta?.uoa })));
  const count = Math.max(...[x, y, trace.median].map((values) => (Array.isArray(values) ? values.length : 0)));
  return Array.from({ length: count }, (_, index) => ({
    trace: name,
    x: x?.[index],
    y: y?.[index],
    ...Object.fromEntries(BOX.map((each) => [each, trace[each]?.[index]])),
    ...(trace.type === 'bar' && trace.width ? { left: trace.customdata?.[index]?.[0], right: trace.customdata?.[index]?.[1] } : {}),
    text: Array.isArray(text) ? text[index] : text,
    sample: meta?.samples?.[index],
    uoa: meta?.uoas?.[index] ?? meta?.uoa,
  }));
}

/** Return rows of those columns in which there is anything. @param {string[]} names @param {Record<string, unknown>[]} found @returns {Values} */
function filled(names, found) {
  const columns = names.filter((name) => found.some((row) => !nothing(row[name])));
  return { columns, rows: found.map((row) => columns.map((name) => row[name])) };
}

/** @param {unknown} value */
const nothing = (value) => value === undefined || value === null || value === '';

/** Return values as CSV (RFC 4180): nothing is an empty cell, a list its JSON. @param {Values} values */
export const csvOf = ({ columns, rows }) => [columns, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');

/** @param {unknown} value */
function cell(value) {
  const text = nothing(value) ? '' : typeof value === 'object' ? JSON.stringify(value) : String(value);
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
