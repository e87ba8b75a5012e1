/** Where cards and groups stand, and where they are dropped. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { neighbourOf, placeAt, seated } from '../../dashboard/js/widgets/order.js';

const slots = [['w5', 'L2'], ['w4', 'L3'], ['w3', 'L2'], ['w2', 'L2'], ['w1', 'L2']].map(([id, level]) => ({ id, level }));

test('a group stands where its first member would, and the others nowhere else', () => {
  const seats = seated(slots, [{ id: 'g1', members: ['w3', 'w5', 'w4'] }]);
  assert.deepEqual(seats, [{ id: 'g1', level: 'L2', first: 'w3' }, { id: 'w2', level: 'L2', first: 'w2' }, { id: 'w1', level: 'L2', first: 'w1' }]);
});

test('a step up or down is one within the flap', () => {
  const seats = seated(slots, []);
  assert.equal(neighbourOf(seats, 'w3', -1), 'w5');
  assert.equal(neighbourOf(seats, 'w3', 1), 'w1');
  assert.equal(neighbourOf(seats, 'w2', 1), null);
  assert.equal(neighbourOf(seats, 'w1', 1), undefined);
  assert.equal(neighbourOf(seats, 'w4', -1), undefined);
});

test('near an edge it comes beside, in the middle onto', () => {
  const box = { top: 100, bottom: 300 };
  assert.deepEqual([101, 127, 200, 273, 299].map((y) => placeAt(y, box, true)), ['before', 'before', 'onto', 'after', 'after']);
  assert.deepEqual([101, 199, 201].map((y) => placeAt(y, box, false)), ['before', 'before', 'after']);
  assert.equal(placeAt(10, { top: 0, bottom: 20 }, true), 'onto');
});
