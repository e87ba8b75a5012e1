/** When the tour begins, and where its cards stand. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { begins, beside } from '../../dashboard/js/tour.js';

const CARD = { width: 300, height: 150 };
const PAGE = { width: 1280, height: 800 };

test('it begins by itself once, never where a program drives the browser, and always when asked for', () => {
  assert.equal(begins({ seen: false, driven: false, asked: false }), true);
  assert.equal(begins({ seen: true, driven: false, asked: false }), false);
  assert.equal(begins({ seen: false, driven: true, asked: false }), false);
  assert.equal(begins({ seen: true, driven: true, asked: true }), true);
});

test('a card stands right of a region, else left, below, above, or inside it', () => {
  const at = (left, top, right, bottom) => beside({ left, top, right, bottom }, CARD, PAGE);
  assert.deepEqual(at(0, 54, 76, 800), { left: 88, top: 54 });
  assert.deepEqual(at(936, 54, 1280, 800), { left: 624, top: 54 });
  assert.deepEqual(at(0, 0, 1280, 54), { left: 12, top: 66 });
  assert.deepEqual(at(100, 758, 1200, 800), { left: 100, top: 596 });
  assert.deepEqual(at(0, 0, 1280, 800), { left: 490, top: 325 });
});

test('a card is within the page, wherever the region is', () => {
  for (let left = -50; left < 1250; left += 130) {
    for (let top = -50; top < 780; top += 90) {
      const card = beside({ left, top, right: left + 80, bottom: top + 80 }, CARD, PAGE);
      assert.ok(card.left >= 12 && card.left + CARD.width <= PAGE.width - 12);
      assert.ok(card.top >= 12 && card.top + CARD.height <= PAGE.height - 12);
    }
  }
});
