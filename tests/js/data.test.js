/** What is shown as values: each once, in rows. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { csvOf, valuesOf } from '../../dashboard/js/widgets/data.js';

test('a line is a row for each point', () => {
  const values = valuesOf({ figure: { data: [{ name: 'loss', x: [1, 2], y: [0.5, null] }], layout: {} } });
  assert.deepEqual(values, { columns: ['trace', 'x', 'y'], rows: [['loss', 1, 0.5], ['loss', 2, null]] });
});

test('a bar of a histogram tells its edges', () => {
  const bar = { type: 'bar', name: '', x: [0.5], y: [3], width: [1], customdata: [[0, 1]] };
  assert.deepEqual(valuesOf({ figure: { data: [bar], layout: {} } }), { columns: ['x', 'y', 'left', 'right'], rows: [[0.5, 3, 0, 1]] });
});

test('a heat map is a row for each cell', () => {
  const values = valuesOf({ figure: { data: [{ type: 'heatmap', z: [[1, 2], [3, 4]], x: ['a', 'b'], y: ['c', 'd'] }], layout: {} } });
  assert.deepEqual(values.rows, [['a', 'c', 1], ['b', 'c', 2], ['a', 'd', 3], ['b', 'd', 4]]);
});

test('points tell their samples and units', () => {
  const values = valuesOf({ figure: { data: [{ name: 'p', x: [1], y: [2], meta: { samples: [7], uoas: ['m/l#0'] } }], layout: {} } });
  assert.deepEqual(values, { columns: ['trace', 'x', 'y', 'sample', 'uoa'], rows: [['p', 1, 2, 7, 'm/l#0']] });
});

test('tables, pictures and changes are tables', () => {
  assert.deepEqual(valuesOf({ table: { columns: [{ name: 'a', title: 'A', kind: 'number' }], rows: [[1]] } }), { columns: ['A'], rows: [[1]] });
  assert.deepEqual(valuesOf({ pictures: [{ src: 'data:', label: 'four', sample: 4 }] }), { columns: ['label', 'sample'], rows: [['four', 4]] });
  const row = { kind: 'added', sign: '+', name: 'bn', about: '', before: null, after: '64' };
  assert.deepEqual(valuesOf({ sections: [{ title: 'Layers', empty: '', rows: [row] }] }).rows, [['Layers', 'added', 'bn', '64']]);
  assert.equal(valuesOf({ html: '<p>note</p>' }), null);
});

test('CSV quotes what would be misread, and nothing else', () => {
  const rows = [['a,b', 'say "x"', 'two\nlines', null, 0, -1.5, true]];
  assert.equal(csvOf({ columns: ['1', '2', '3', '4', '5', '6', '7'], rows }), '1,2,3,4,5,6,7\r\n"a,b","say ""x""","two\nlines",,0,-1.5,true\r\n');
});
