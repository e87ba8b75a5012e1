/** Pictograms of operations and variables, 40×40, drawn with classes so that the theme colours them. */

/**
 * A chequered field; `shade` gives each cell its class.
 * @param {number} rows @param {number} columns @param {number} size @param {number} left @param {number} top
 * @param {(row: number, column: number) => string} shade
 */
function cells(rows, columns, size, left, top, shade) {
  let out = '';
  for (let row = 0; row < rows; row += 1) {
    for (let column = 0; column < columns; column += 1) {
      const x = left + column * size;
      const y = top + row * size;
      out += `<rect x="${x}" y="${y}" width="${size - 1.2}" height="${size - 1.2}" rx="1" class="${shade(row, column)}"/>`;
    }
  }
  return out;
}

/** An even-looking pattern that is the same every time. @param {number} row @param {number} column */
const pattern = (row, column) => Math.floor((((row * 7 + column * 13 + row * column * 5) % 9) / 9) * 4);

/** @param {string} sign */
const circled = (sign) => `<circle class="line" cx="20" cy="20" r="11"/><path class="line" d="${sign}"/>`;
/** @param {string} path */
const curve = (path) => `<path class="axis" d="M6 29H34M20 7V33"/><path class="function" d="${path}"/>`;
/** @param {number[]} heights */
const bars = (heights) =>
  heights.map((height, index) => `<rect class="bar" x="${8 + index * 6}" y="${31 - height}" width="4" height="${height}"/>`).join('');
/** @param {number[]} shades */
const vector = (shades) => shades.map((shade, row) => `<rect x="16" y="${7 + row * 6.6}" width="8" height="5.4" rx="1" class="weight-${shade}"/>`).join('');

/** @type {Record<string, string>} */
export const PICTOGRAMS = {
  input: cells(4, 4, 6.6, 7, 7, (row, column) => `data-${pattern(row, column)}`),
  weights: cells(4, 4, 6.6, 7, 7, (row, column) => `weight-${pattern(row + 1, column + 2)}`),
  vector: vector([2, 0, 3, 1]),
  embedding: cells(4, 3, 6.6, 6, 7, (row) => (row === 2 ? 'weight-3' : 'weight-0')) + '<path class="line" d="M27 23.4H34M31.5 20.6L34.4 23.4L31.5 26.2"/>',
  conv:
    cells(4, 4, 6, 5, 11, (row, column) => (row < 2 && column < 2 ? 'data-3' : 'data-0')) +
    '<path class="line" d="M18 14.5L30 8M18 23L30 14"/><rect x="29.5" y="7.5" width="6" height="6.4" rx="1" class="data-3"/>',
  matmul:
    '<path class="line" d="M9 9H6.5V31H9M15 9H17.5V31H15M25 9H22.5V31H25M31 9H33.5V31H31"/>' +
    [12, 28].map((x) => [15, 20, 25].map((y) => `<circle class="point" cx="${x}" cy="${y}" r="1.6"/>`).join('')).join(''),
  add: circled('M20 14V26M14 20H26'),
  subtract: circled('M14 20H26'),
  multiply: circled('M16 16L24 24M24 16L16 24'),
  divide: circled('M14 20H26M20 15.2V15.4M20 24.6V24.8'),
  relu: curve('M7 29H20L32 11'),
  sigmoid: curve('M6 29C17 29 18 27 20 20S23 11 34 11'),
  softmax: `<path class="axis" d="M6 31H34"/>${bars([5, 9, 22, 7])}`,
  normalize: '<path class="axis" d="M5 30H35M20 8V32"/><path class="function" d="M6 29C14 29 14 10 20 10S26 29 34 29"/>',
  pool:
    cells(4, 4, 5.4, 4, 9, (row, column) => (row < 2 !== column < 2 ? 'data-0' : 'data-2')) +
    '<path class="line" d="M26.5 20H29"/>' +
    cells(2, 2, 5.4, 29.5, 14.6, (row, column) => ((row + column) % 2 ? 'data-0' : 'data-2')),
  reduce: '<path class="line" d="M28 11V8H11L21 20L11 32H28V29"/>',
  flatten:
    cells(3, 3, 6, 4, 11, () => 'data-0') +
    '<path class="line" d="M23.5 20H28M26 17.5L28.5 20L26 22.5"/>' +
    [0, 1, 2, 3, 4].map((row) => `<rect x="31" y="${6 + row * 5.8}" width="4.6" height="4.6" rx="1" class="data-1"/>`).join(''),
  concatenate:
    cells(3, 2, 6, 5, 11, () => 'data-1') + cells(3, 2, 6, 22, 11, () => 'data-3') + '<path class="line" d="M18 20H21"/>',
  dropout:
    [10, 20, 30].map((y, row) => [11, 29].map((x, column) => (row * 2 + column) % 3 === 1
      ? `<path class="line" d="M${x - 3} ${y - 3}L${x + 3} ${y + 3}M${x + 3} ${y - 3}L${x - 3} ${y + 3}"/>`
      : `<circle class="line" cx="${x}" cy="${y}" r="3.6"/>`).join('')).join('') +
    '<path class="axis" d="M15 11L25 29M15 29L25 11M15 10H25M15 30H25"/>',
  group: '<rect class="line" x="7" y="6" width="26" height="8" rx="2"/><rect class="line" x="7" y="26" width="26" height="8" rx="2"/><path class="line" d="M20 14V25M17 22.5L20 25.5L23 22.5"/>',
  operation: '<circle class="line" cx="20" cy="20" r="11"/><circle class="point" cx="20" cy="20" r="2"/>',
};

/** Return the definitions that drawings refer to by `#pictogram-NAME`. */
export const definitions = () =>
  Object.entries(PICTOGRAMS)
    .map(([name, drawing]) => `<g id="pictogram-${name}">${drawing}</g>`)
    .join('');
