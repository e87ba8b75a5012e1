/** What units and samples are called. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { ancestors, parseSample, sampleKey } from '../../dashboard/js/linking/paths.js';

test('the paths above a unit come nearest first', () => {
  assert.deepEqual(ancestors('m/a/b#3'), ['m/a/b', 'm/a', 'm']);
  assert.deepEqual(ancestors('m/block/conv/kernel'), ['m/block/conv', 'm/block', 'm']);
});

test('nothing is above a model', () => {
  assert.deepEqual(ancestors('m'), []);
  assert.deepEqual(ancestors(''), []);
});

test("a sample's name tells its space and its number, whatever the space holds", () => {
  for (const [space, sample] of [['9f3c', 0], ['a:b', 17]]) {
    assert.deepEqual(parseSample(sampleKey(space, sample)), { space, sample });
  }
});

test('what is not known to be a sample of some space has no name', () => {
  assert.equal(sampleKey('', 4), '');
  assert.equal(sampleKey('9f3c', undefined), '');
});
