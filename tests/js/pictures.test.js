/** Arrow keys in a grid of pictures. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { neighbourIn } from '../../dashboard/js/widgets/pictures.js';

test('arrows go by one and by rows, and stop at the edges', () => {
  const to = (key, at) => neighbourIn(at, key, 4, 10);
  assert.deepEqual(['ArrowLeft', 'ArrowRight', 'ArrowUp', 'ArrowDown'].map((key) => to(key, 5)), [4, 6, 1, 9]);
  assert.deepEqual(['ArrowLeft', 'ArrowUp'].map((key) => to(key, 0)), [0, 0]);
  assert.deepEqual(['ArrowRight', 'ArrowDown'].map((key) => to(key, 9)), [9, 9]);
  assert.deepEqual([to('Home', 7), to('End', 2)], [0, 9]);
});

test('other keys lead nowhere', () => assert.equal(neighbourIn(3, 'a', 4, 10), null));
