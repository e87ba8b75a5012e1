/** The rows of tables: their order, and how their cells are written. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { clicked, sharesOf, sorted, written } from '../../dashboard/js/widgets/rows.js';

test('numbers are written in a few digits, whole ones in full', () => {
  assert.deepEqual([0, 12, 1234567, -3, 2 ** 40].map(written), ['0', '12', '1,234,567', '-3', '1,099,511,627,776']);
  assert.deepEqual([0.123456, 12.34567, 1234.567, -0.5].map(written), ['0.1235', '12.35', '1,235', '-0.5']);
  assert.deepEqual([0.0000123, 12345678.9, -1e-9].map(written), ['1.23e-5', '1.23e7', '-1.00e-9']);
});

test('what is not known is a dash, words stay what they are', () => {
  assert.deepEqual([null, undefined, 'NaN', ''].map(written), ['–', '–', 'NaN', '']);
});

test('rows are sorted by a column either way, what is not known stays last', () => {
  const rows = [[2], [null], [10], ['NaN'], [-1]];
  assert.deepEqual(sorted(rows, 0, false), [4, 0, 2, 3, 1]);
  assert.deepEqual(sorted(rows, 0, true), [2, 0, 4, 3, 1]);
});

test('words are sorted as people do, and what is equal stays in order', () => {
  const rows = [['conv_10'], ['Conv_2'], ['conv_2'], ['a']];
  assert.deepEqual(sorted(rows, 0, false), [3, 1, 2, 0]);
  assert.deepEqual(sorted(rows, 0, true), [0, 1, 2, 3]);
});

test('a bar is a share of the largest magnitude', () => {
  assert.deepEqual(sharesOf([[-4], [1], [null], ['NaN'], [2]], 0), [1, 0.25, 0, 0, 0.5]);
  assert.deepEqual(sharesOf([[0], [0]], 0), [0, 0]);
});

test('a click sorts numbers from the largest, words from the first, and turns the order round', () => {
  const [number, text] = [{ name: 'a', title: '', kind: 'number' }, { name: 'b', title: '', kind: 'text' }];
  assert.deepEqual(clicked(null, number), { column: 'a', descending: true });
  assert.deepEqual(clicked({ column: 'a', descending: true }, number), { column: 'a', descending: false });
  assert.deepEqual(clicked({ column: 'a', descending: false }, text), { column: 'b', descending: false });
});
