/** A table as a picture for paper: its first rows, as wide as what stands in them. */
import { cut, markup } from '../html.js';
import { still } from './picture.js';
import { sharesOf, written } from './rows.js';

/** @typedef {import('./table.js').TableContent} TableContent */
/** @typedef {import('./picture.js').Still} Still */

const MOST = 60; // rows: more are for a CSV
const LONGEST = 48; // letters of a cell
const LETTER = 6.4; // px, about
const ROW = 22;
const BASE = 15; // px of a row above its letters' base line
const GAP = 18; // px between columns
const IMAGE = 18;
const MARGIN = 12;
const COLORS = { ink: '#1b2437', pale: '#5f6b81', line: '#e3e8f0', bar: '#dbe4ff' };

/**
 * Return a table's first rows as one SVG, and how many there are besides.
 * @param {TableContent} table @returns {Still}
 */
export function tabled({ columns, rows }) {
  const shown = rows.slice(0, MOST);
  const more = rows.length - shown.length;
  const drawn = columns.map((column, index) => ({ column, ...columnOf(column, rows.map((row) => row[index])) }));
  const width = Math.ceil(drawn.reduce((sum, each) => sum + each.width + GAP, 2 * MARGIN - GAP));
  const height = 2 * MARGIN + ROW * (shown.length + 1 + Number(more > 0));
  let left = MARGIN;
  const parts = drawn.map((each) => {
    const part = markup`<g transform="translate(${left},${MARGIN})">${each.inside}</g>`;
    left += each.width + GAP;
    return part;
  });
  const lines = shown.map((_, row) => markup`<path d="M${MARGIN} ${MARGIN + ROW * (row + 1)}H${width - MARGIN}" stroke="${COLORS.line}"/>`);
  const foot = more > 0 ? markup`<text x="${MARGIN}" y="${height - MARGIN - 6}" fill="${COLORS.pale}">and ${written(more)} rows more</text>` : '';
  return still(width, height, markup`<g font-family="Inter, sans-serif" font-size="11.5" fill="${COLORS.ink}">${lines}${parts}${foot}</g>`);
}

/** Return a column, its head first, and how wide it is. @param {import('./rows.js').Column} column @param {import('./rows.js').Cell[]} cells */
function columnOf({ title, kind }, cells) {
  const texts = cells.slice(0, MOST).map((cell) => (kind === 'image' ? '' : cut(written(cell), LONGEST)));
  const width = Math.max(kind === 'image' ? IMAGE : 0, LETTER * Math.max(title.length, ...texts.map(({ length }) => length)));
  const place = kind === 'number' || kind === 'bar' ? markup`x="${width}" text-anchor="end"` : markup`x="0"`;
  const shares = kind === 'bar' ? sharesOf(cells.map((cell) => [cell]), 0) : null;
  const inside = texts.map((text, row) => {
    const top = ROW * (row + 1);
    if (kind === 'image') return cells[row] ? markup`<image href="${cells[row]}" y="${top + 2}" width="${IMAGE}" height="${IMAGE}" style="image-rendering:pixelated"/>` : '';
    const bar = shares ? markup`<rect y="${top + 3}" width="${(width * shares[row]).toFixed(1)}" height="${ROW - 6}" rx="2" fill="${COLORS.bar}"/>` : '';
    return markup`${bar}<text ${place} y="${top + BASE}">${text}</text>`;
  });
  return { width, inside: [markup`<text ${place} y="${BASE}" font-weight="600" fill="${COLORS.pale}">${title}</text>`, ...inside] };
}
