/** Ranges by hand, then laws: everything is within, and the same for all. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { extentsOf } from '../../dashboard/js/widgets/extents.js';
import { askedWith, commonBins, commonScale, onScale } from '../../dashboard/js/widgets/scale.js';

const lines = (x, y, layout = {}) => ({ data: [{ type: 'scatter', mode: 'lines', x, y }], layout });
const histogram = (edges, counts) => ({
  data: [{
    type: 'bar', x: counts.map((_, at) => (edges[at] + edges[at + 1]) / 2), y: counts,
    width: counts.map((_, at) => edges[at + 1] - edges[at]), customdata: counts.map((_, at) => [edges[at], edges[at + 1]]),
  }],
  layout: {},
});

test('bars reach from edge to edge and stand on zero', () => {
  const extents = extentsOf(histogram([-1, 1, 3], [5, 7]));
  assert.deepEqual(extents.get('xaxis'), { low: -1, high: 3, bars: false });
  assert.deepEqual(extents.get('yaxis'), { low: 0, high: 7, bars: true });
});

test('boxes reach from whisker to whisker', () => {
  const box = { type: 'box', x: [0], lowerfence: [-4], q1: [1], median: [2], q3: [3], upperfence: [9] };
  assert.deepEqual(extentsOf({ data: [box], layout: {} }).get('yaxis'), { low: -4, high: 9, bars: false });
});

test('one range for all, with the same margin on both sides', () => {
  const scale = commonScale([lines([0, 10], [0, 1]), lines([5, 100], [-1, 3])]);
  assert.deepEqual(scale.axes, { xaxis: [-4, 104], yaxis: [-1.16, 3.16] });
});

test('what stands on zero begins there', () => {
  const scale = commonScale([histogram([0, 1], [5]), histogram([2, 4], [10])]);
  assert.deepEqual(scale.axes.yaxis, [0, 10.4]);
  assert.deepEqual(scale.axes.xaxis.map((end) => end.toFixed(2)), ['-0.16', '4.16']);
});

test('a logarithmic axis has its range in powers of ten', () => {
  const log = { yaxis: { type: 'log' } };
  const { axes } = commonScale([lines([0, 1], [1, 10], log), lines([0, 1], [0, 10_000], log)]);
  assert.deepEqual(axes.yaxis.map((end) => end.toFixed(2)), ['-0.16', '4.16']);
});

test('an axis is left alone where one has names on it, or another kind of scale', () => {
  assert.equal(commonScale([lines(['a', 'b'], [1, 2]), lines([0, 1], [3, 4])]).axes.xaxis, undefined);
  assert.equal(commonScale([lines([0, 1], [1, 2], { yaxis: { type: 'log' } }), lines([0, 1], [3, 4])]).axes.yaxis, undefined);
});

test('gaps and what is not finite do not count', () => {
  assert.deepEqual(commonScale([lines([0, 1, 2], [null, 1, null]), lines([0, 2], [0, 0])]).axes.yaxis, [-0.04, 1.04]);
});

test('cells have one range of colours, around zero where the sign is told', () => {
  const map = (z, meta) => ({ data: [{ type: 'heatmap', z, meta }], layout: {} });
  assert.deepEqual(commonScale([map([[1, 2]], { scale: 'counts' }), map([[7, null]], { scale: 'counts' })]).colors, { zmin: 1, zmax: 7, zauto: false });
  assert.deepEqual(commonScale([map([[1, 2]], { scale: 'signed' }), map([[-7]], { scale: 'signed' })]).colors, { zmin: -7, zmax: 7, zauto: false });
});

test('on the scale, only ranges are other than before', () => {
  const figure = lines([0, 1], [2, 3], { height: 5, xaxis: { title: { text: 'x' } } });
  const { data, layout } = onScale(figure, commonScale([figure, lines([9], [9])]));
  assert.deepEqual(data, figure.data);
  assert.equal(layout.height, 5);
  assert.deepEqual(layout.xaxis.title, { text: 'x' });
  assert.ok(layout.xaxis.range[0] < 0 && layout.xaxis.range[1] > 9);
  assert.equal(figure.layout.xaxis.range, undefined);
});

test('common bins hold all values and are as fine as the finest', () => {
  assert.deepEqual(commonBins([histogram([0, 1, 2], [1, 1]), histogram([-3, -1], [4])]), { low: -3, high: 2, bins: 2 });
  assert.equal(commonBins([{ data: [], layout: {} }]), null);
});

test('a widget is asked for other bins, and for nothing else', () => {
  const question = JSON.stringify({ widget: { id: 'w1', settings: { log: true, bins: 9 } }, off: ['one'] });
  const names = ['bins', 'low', 'high', 'log'].map((name) => ({ name }));
  const asked = JSON.parse(askedWith(question, names, { low: -0.25, high: 1e-7, bins: 64 }));
  assert.deepEqual(asked, { widget: { id: 'w1', settings: { log: true, bins: 64, low: '-0.25', high: '1e-7' } }, off: ['one'] });
  assert.equal(askedWith(question, [{ name: 'bins' }], { low: 0, high: 1, bins: 2 }), null);
});
