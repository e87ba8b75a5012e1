import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Hand } from '../../dashboard/js/events.js';

const choose = (/** @type {string} */ name) => ({ type: 'tool', name });

test('a tool is in hand before the server has answered', () => {
  const hand = new Hand();
  hand.follow(choose('histogram'));
  assert.equal(hand.tool, 'histogram');
  hand.tell('', false); // what is told of before
  assert.equal(hand.tool, 'histogram');
  hand.tell('histogram', true);
  assert.equal(hand.tool, 'histogram');
});

test('what is applied is put away, and can be chosen again at once', () => {
  const hand = new Hand();
  for (const event of [choose('histogram'), { type: 'apply' }, choose('histogram')]) hand.follow(event);
  assert.equal(hand.tool, 'histogram');
  hand.tell('histogram', false);
  hand.tell('', false);
  assert.equal(hand.tool, 'histogram');
  hand.tell('histogram', true);
  hand.follow({ type: 'apply' });
  assert.equal(hand.tool, '');
});

test('a tool that is chosen again, and the pointer, put it away', () => {
  const hand = new Hand();
  hand.tell('note', true);
  hand.follow(choose('note'));
  assert.equal(hand.tool, '');
  hand.tell('', true);
  hand.follow(choose('note'));
  hand.follow(choose('select'));
  assert.equal(hand.tool, '');
});

test('the server has the last word', () => {
  const hand = new Hand();
  hand.follow(choose('histogram'));
  hand.tell('note', true);
  assert.equal(hand.tool, 'note');
});
