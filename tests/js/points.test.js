/** Which samples a figure's points stand for, and where each is seen. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { brushable, brushed, marksBySample, samplesAt, unitAt } from '../../dashboard/js/widgets/points.js';

const scatter = { type: 'scatter', x: [1, 2, 3], y: [4, 5, 6], meta: { samples: [7, 8, 7], uoa: 'm/a', uoas: ['m/a#1', 'm/a#2'] } };
const cells = { type: 'heatmap', z: [[2, 0], [1, 0]], meta: { samples: [[[7, 9], []], [[8], []]] } };

test('a point stands for one sample, a cell for many, others for none', () => {
  assert.deepEqual(samplesAt(scatter, 1), [8]);
  assert.deepEqual(samplesAt(cells, [0, 0]), [7, 9]);
  assert.deepEqual(samplesAt(cells, [1, 1]), []);
  assert.deepEqual(samplesAt({ type: 'bar', y: [1] }, 0), []);
});

test("a point's unit comes before its trace's", () => {
  assert.equal(unitAt(scatter, 1), 'm/a#2');
  assert.equal(unitAt(scatter, 2), 'm/a');
  assert.equal(unitAt({}, 0), '');
});

test('every sample is found wherever it is seen', () => {
  const marks = marksBySample([scatter, cells]);
  assert.deepEqual(marks.get(7), [{ curve: 0, place: 0 }, { curve: 0, place: 2 }, { curve: 1, place: [0, 0] }]);
  assert.deepEqual(marks.get(8), [{ curve: 0, place: 1 }, { curve: 1, place: [1, 0] }]);
  assert.deepEqual([...marks.keys()].sort(), [7, 8, 9]);
});

test('points outside of a selection are dim; without one none is', () => {
  assert.deepEqual(brushed(scatter, new Set([7])).selectedpoints, [0, 2]);
  assert.deepEqual(brushed(scatter, new Set([1])).selectedpoints, []);
  assert.equal(brushed(scatter, null).selectedpoints, null);
  assert.equal(brushed(cells, new Set([7])), cells);
});

test('only scattered samples can be brushed', () => {
  assert.ok(brushable([cells, scatter]));
  assert.ok(!brushable([cells, { type: 'scatter', x: [1] }]));
});
