/** Events reach the server in order and once, and none is lost while it is away. */
import assert from 'node:assert/strict';
import { mock, test } from 'node:test';

import { EventQueue } from '../../dashboard/js/events.js';

const names = (lots) => lots.map(({ events }) => events.map(({ type }) => type));

function queue(patience = 1000) {
  const lots = [];
  return [new EventQueue((lot) => lots.push(lot), patience), lots];
}

test('what happens while an answer is awaited goes together, after it', () => {
  const [events, lots] = queue();
  for (const type of ['a', 'b', 'c']) events.send({ type });
  assert.deepEqual(names(lots), [['a']]);
  events.acknowledge();
  assert.deepEqual(names(lots), [['a'], ['b', 'c']]);
  events.acknowledge();
  assert.ok(events.idle);
});

test('what was not answered goes again before what came later, under another number', () => {
  const [events, lots] = queue();
  events.send({ type: 'a' });
  events.send({ type: 'b' });
  events.retry();
  assert.deepEqual(names(lots), [['a'], ['a', 'b']]);
  assert.deepEqual(lots.map(({ number }) => number), [1, 2]);
  events.acknowledge();
});

test('patience ends: an answer that never comes is asked for again', () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const [events, lots] = queue(1000);
  events.send({ type: 'a' });
  mock.timers.tick(999);
  assert.equal(lots.length, 1);
  mock.timers.tick(1);
  assert.deepEqual(names(lots), [['a'], ['a']]);
  events.acknowledge();
  mock.timers.tick(5000);
  assert.equal(lots.length, 2);
  mock.timers.reset();
});
