/** Where the arrow keys lead in the toolbox, and what is said of a chosen tool. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { listed, neighbour } from '../../dashboard/js/toolbox.js';

/** Two columns; the first group has three buttons, the second two. */
const PLACES = [[0, 0], [32, 0], [0, 30], [0, 80], [32, 80]].map(([x, y]) => ({ x, y }));

test('down and up stay in their column where they can', () => {
  assert.equal(neighbour(PLACES, 0, 'ArrowDown'), 2);
  assert.equal(neighbour(PLACES, 1, 'ArrowDown'), 2);
  assert.equal(neighbour(PLACES, 2, 'ArrowDown'), 3);
  assert.equal(neighbour(PLACES, 4, 'ArrowUp'), 2);
  assert.equal(neighbour(PLACES, 4, 'ArrowDown'), 4);
  assert.equal(neighbour(PLACES, 0, 'ArrowUp'), 0);
});

test('right and left go from one to the next, and stop at the ends', () => {
  assert.equal(neighbour(PLACES, 2, 'ArrowRight'), 3);
  assert.equal(neighbour(PLACES, 4, 'ArrowRight'), 4);
  assert.equal(neighbour(PLACES, 0, 'ArrowLeft'), 0);
  assert.deepEqual([neighbour(PLACES, 3, 'Home'), neighbour(PLACES, 1, 'End')], [0, 4]);
  assert.equal(neighbour(PLACES, 0, 'a'), undefined);
});

test('kinds of units are listed once, from the largest to the smallest', () => {
  assert.equal(listed(['weights', 'layer', 'weights']), 'a layer or a variable');
  assert.equal(listed(['unit']), 'a neuron');
  assert.equal(listed(['weights', 'layer', 'model']), 'a model, a layer or a variable');
  assert.equal(listed([]), 'a unit that it fits');
});
