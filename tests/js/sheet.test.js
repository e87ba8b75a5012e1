/** How far the sheet under a drawing is moved, and when it is painted anew. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ROOM, slid } from '../../dashboard/js/graph/sheet.js';

const painted = { x: 10.4, y: -3, scale: 0.7 };

test('panning moves the sheet by whole pixels from where it was painted', () => {
  assert.deepEqual(slid(painted, { x: 30.4, y: -43, scale: 0.7 }), [20, -40]);
  assert.deepEqual(slid(painted, { x: 11.3, y: -3, scale: 0.7 }), [1, 0]);
  assert.deepEqual(slid(painted, painted), [0, 0]);
});

test('what is another scale, or beyond the sheet, is painted anew', () => {
  assert.equal(slid(painted, { ...painted, scale: 0.71 }), null);
  assert.deepEqual(slid(painted, { ...painted, x: painted.x + ROOM }), [ROOM, 0]);
  assert.equal(slid(painted, { ...painted, y: painted.y - ROOM - 1 }), null);
  assert.equal(slid({ x: NaN, y: NaN, scale: NaN }, painted), null);
});
