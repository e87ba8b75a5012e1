/** Tables as pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { tabled } from '../../dashboard/js/widgets/tabled.js';

const text = ({ uri }) => decodeURIComponent(uri.slice(uri.indexOf(',') + 1));
const columns = [{ name: 'a', title: 'layer', kind: 'text' }, { name: 'b', title: 'share', kind: 'bar' }];

test('every cell is written as on the page, numbers at the right, bars by their share', () => {
  const drawn = text(tabled({ columns, rows: [['<dense>', 2], ['conv', -1], ['pool', null]] }));
  for (const part of ['>layer</text>', '>&lt;dense&gt;</text>', '>-1</text>', '>–</text>']) assert.ok(drawn.includes(part), part);
  const widths = [...drawn.matchAll(/<rect y="\d+" width="([\d.]+)"/g)].map(([, width]) => Number(width));
  assert.deepEqual(widths, [32, 16, 0]); // 5 letters of the head at 6.4 px
  assert.match(drawn, /<text x="32" text-anchor="end" y="37">2<\/text>/);
});

test('of a long table the first rows are there, and the others are counted', () => {
  const rows = Array.from({ length: 75 }, (_, row) => [`row ${row}`, row]);
  const short = tabled({ columns, rows: rows.slice(0, 60) });
  const long = tabled({ columns, rows });
  assert.equal(long.height - short.height, 22);
  assert.match(text(long), /and 15 rows more/);
  assert.doesNotMatch(text(long), /row 60</);
});
