/** The inspection panel's arithmetic: numbers by hand, then laws. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { LEAST, MOST, centred, coveredByMap, fitted, neighbour, whole, zoomed } from '../../dashboard/js/graph/viewport.js';

const onScreen = (viewport, x, y) => [x * viewport.scale + viewport.x, y * viewport.scale + viewport.y];

test('a small graph is shown at its own size in the middle', () => {
  assert.deepEqual(fitted({ bounds: [0, 0, 100, 50] }, 400, 300), { scale: 1, x: 150, y: 125 });
});

test('a panel of a very large screen shows a small graph larger', () => {
  const { scale } = fitted({ bounds: [0, 0, 100, 50] }, 2400, 1800);
  assert.equal(scale, 1.5);
  assert.equal(whole([0, 0, 100, 50], 2400, 1800).scale, 1.5);
  assert.equal(fitted({ bounds: [0, 0, 100, 50] }, 8000, 6000).scale, 2);
});

test('a graph that would be too small to read begins at its top', () => {
  const viewport = fitted({ bounds: [0, 0, 100, 10_000] }, 400, 300);
  assert.ok(viewport.scale > whole([0, 0, 100, 10_000], 400, 300).scale);
  assert.deepEqual(onScreen(viewport, 50, 0).map(Math.round), [200, 28]);
});

test('what goes on below ends before the minimap where there is room beside it', () => {
  const right = (width, panel) => onScreen(fitted({ bounds: [0, 0, width, 10_000] }, panel, 300), width, 0)[0];
  assert.equal(right(860, 850), 850 - 176);
  assert.equal(Math.round(right(1030, 850)), 850 - 176); // somewhat smaller, it can be seen whole
  assert.equal(right(100, 850), 425 + 36);
  assert.equal(Math.round(right(1100, 850)), 425 + 396); // no room: it stays in the middle
  assert.ok(right(860, 700) > 700 - 176); // a narrow panel shows the map only now and then
});

test('all of the bounds are within the panel', () => {
  for (const bounds of [[-50, -20, 900, 40], [0, 0, 10, 5_000], [-2_000, -2_000, 2_000, 2_000]]) {
    const viewport = whole(bounds, 640, 480);
    const [left, top] = onScreen(viewport, bounds[0], bounds[1]);
    const [right, bottom] = onScreen(viewport, bounds[2], bounds[3]);
    assert.ok(left >= 0 && top >= 0 && right <= 640 && bottom <= 480);
  }
});

test('what is under the pointer stays there while zooming', () => {
  const before = { scale: 0.7, x: 31, y: -12 };
  const after = zoomed(before, 1.9, 200, 100);
  const point = [(200 - before.x) / before.scale, (100 - before.y) / before.scale];
  assert.deepEqual(onScreen(after, ...point).map(Math.round), [200, 100]);
});

test('zooming ends at the least and the greatest scale', () => {
  assert.equal(zoomed({ scale: 1, x: 0, y: 0 }, 1e9, 0, 0).scale, MOST);
  assert.equal(zoomed({ scale: 1, x: 0, y: 0 }, 1e-9, 0, 0).scale, LEAST);
});

test('a point is brought into the middle', () => {
  assert.deepEqual(onScreen(centred({ scale: 2, x: 9, y: 9 }, 40, 30, 640, 480), 40, 30), [320, 240]);
});

test('an arrow key finds the nearest box on its side', () => {
  const [right, far, below] = [{ x: 10, y: 1 }, { x: 30, y: 0 }, { x: 0, y: 10 }];
  const boxes = [far, below, right];
  assert.equal(neighbour({ x: 0, y: 0 }, boxes, 'ArrowRight'), right);
  assert.equal(neighbour({ x: 0, y: 0 }, boxes, 'ArrowDown'), below);
  assert.equal(neighbour({ x: 0, y: 0 }, boxes, 'ArrowLeft'), null);
});

test('a minimap is in the way in a narrow panel, and where it lies over a drawing that is all in sight', () => {
  const bounds = [0, 0, 900, 500];
  assert.equal(coveredByMap(bounds, { x: 0, y: 0, scale: 1 }, 700, 800, 150), true);
  assert.equal(coveredByMap(bounds, { x: 20, y: 20, scale: 1 }, 1000, 600, 150), true);
  assert.equal(coveredByMap(bounds, { x: 20, y: 20, scale: 1 }, 1000, 900, 150), false); // it ends above the map
  assert.equal(coveredByMap(bounds, { x: 20, y: 200, scale: 1 }, 1000, 600, 150), false); // there is more than is in sight
});
