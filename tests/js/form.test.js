/** What the fields of a widget's form say. */
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { choicesOf, numberOf, sharedSettings } from '../../dashboard/js/widgets/form.js';

test('a field of numbers says a number or nothing', () => {
  assert.deepEqual(['12', ' 0.5 ', '-3', '0'].map(numberOf), [12, 0.5, -3, 0]);
  assert.deepEqual(['', '  ', '1e', 'many', 'Infinity'].map(numberOf), [null, null, null, null, null]);
});

test('an optional choice may be left to the tool, another may not', () => {
  assert.deepEqual(choicesOf({ value: '', choices: ['a'], optional: true }), [['', 'as fits'], ['a', 'a']]);
  assert.deepEqual(choicesOf({ value: 'a', choices: ['a'], optional: false }), [['a', 'a']]);
});

test('what was chosen and is offered no more is still told', () => {
  assert.deepEqual(choicesOf({ value: 'c', choices: ['a'], optional: false }).at(-1), ['c', 'c (not here)']);
});

test('widgets share the settings that offer the same, with the first one\'s values', () => {
  const bins = (value) => ({ name: 'bins', kind: 'number', choices: [], value });
  const output = (...choices) => ({ name: 'output', kind: 'choice', choices, value: choices[0] });
  assert.deepEqual(sharedSettings([[bins(8), output('a')], [output('b'), bins(20)]]), [bins(8)]);
  assert.deepEqual(sharedSettings([[bins(8), output('a')], [output('a')]]), [output('a')]);
});
