/** The rows of a table: their order, and how their cells are written. Pure. */

/**
 * @typedef {string | number | null} Cell null is something that is not known
 * @typedef {{name: string, title: string, kind: 'text' | 'number' | 'bar' | 'image'}} Column
 * @typedef {{column: string, descending: boolean}} Order
 */

const WHOLE = new Intl.NumberFormat('en', { maximumFractionDigits: 0 });
const DIGITS = new Intl.NumberFormat('en', { maximumSignificantDigits: 4 });
const WORDS = new Intl.Collator('en', { numeric: true, sensitivity: 'base' });

const SMALL = 1e-4; // below, and from LARGE upwards, what is no whole number is written with an exponent
const LARGE = 1e7;

/** Return a cell as it is read. @param {Cell} cell */
export function written(cell) {
  if (cell === null || cell === undefined) return '–';
  if (typeof cell === 'string') return cell;
  if (Number.isInteger(cell) && Math.abs(cell) < 1e15) return WHOLE.format(cell);
  const size = Math.abs(cell);
  return size < SMALL || size >= LARGE ? cell.toExponential(2).replace('e+', 'e') : DIGITS.format(cell);
}

/**
 * Return the places of rows in order: numbers by size, words as people sort them, what is not known last.
 * Rows that are equal stay as they came.
 * @param {Cell[][]} rows @param {number} column @param {boolean} descending @returns {number[]}
 */
export function sorted(rows, column, descending) {
  const direction = descending ? -1 : 1;
  return rows.map((_, place) => place).sort((a, b) => compared(rows[a][column], rows[b][column], direction) || a - b);
}

/** @param {Cell} a @param {Cell} b @param {number} direction */
function compared(a, b, direction) {
  const [first, second] = [rank(a), rank(b)];
  if (first !== second) return first - second;
  if (typeof a === 'number' && typeof b === 'number') return direction * (a - b);
  return typeof a === 'string' && typeof b === 'string' ? direction * WORDS.compare(a, b) : 0;
}

/** Numbers come before words (NaN among numbers is one), and these before what is not known. @param {Cell} cell */
const rank = (cell) => (typeof cell === 'number' ? 0 : typeof cell === 'string' ? 1 : 2);

/** Return what share of the largest magnitude in its column a number is. @param {Cell[][]} rows @param {number} column */
export function sharesOf(rows, column) {
  const sizes = rows.map((row) => (typeof row[column] === 'number' ? Math.abs(row[column]) : 0));
  const most = sizes.reduce((a, b) => Math.max(a, b), 0);
  return sizes.map((size) => (most ? size / most : 0));
}

/** Return the order after a click on a head: numbers begin with the largest. @param {Order | null} before @param {Column} column @returns {Order} */
export function clicked(before, { name, kind }) {
  const numbers = kind === 'number' || kind === 'bar';
  return { column: name, descending: before?.column === name ? !before.descending : numbers };
}
