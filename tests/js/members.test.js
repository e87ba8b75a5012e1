/** What the members of a group are called, and their colours. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { colorsOf, namesOf } from '../../dashboard/js/widgets/members.js';

const about = (where, title = 'Histogram', checkpoint = 8, color = '#111111') => ({ title, where, color, checkpoint });

test('members are called by what only they have', () => {
  assert.deepEqual(namesOf([about('Conv › conv_1 › kernel'), about('Conv › conv_2 › kernel')]), ['conv_1', 'conv_2']);
  assert.deepEqual(namesOf([about('Conv › conv_1'), about('Dense › hidden_1')]), ['Conv › conv_1', 'Dense › hidden_1']);
  assert.deepEqual(namesOf([about('One › conv_1'), about('Two › conv_1')]), ['One', 'Two']);
});

test('of the same unit they are called by what they show, else by their checkpoints', () => {
  assert.deepEqual(namesOf([about('Conv'), about('Conv', 'Density')]), ['Histogram', 'Density']);
  assert.deepEqual(namesOf([about('Conv', 'Density', 0), about('Conv', 'Density', 8)]), ['@0', '@8']);
});

test('what nothing tells apart is numbered', () => {
  assert.deepEqual(namesOf([about('Conv'), about('Conv'), about('Conv')]), ['Conv', 'Conv (2)', 'Conv (3)']);
});

test('a path that goes on where another ends is named by what it goes on with', () => {
  const names = namesOf([about('Conv › conv_1'), about('Conv › conv_1 › kernel')]);
  assert.equal(new Set(names).size, 2);
  assert.ok(names.every((name) => name));
});

test('models keep their colours, members of one model get some of their own', () => {
  assert.deepEqual(colorsOf([about('a', 't', 0, 'red'), about('b', 't', 0, 'blue')]), ['red', 'blue']);
  const many = colorsOf(Array.from({ length: 30 }, () => about('a')));
  assert.equal(new Set(many).size, 30);
});
