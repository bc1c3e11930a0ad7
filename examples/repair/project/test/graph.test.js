import assert from 'node:assert/strict';
import { test } from 'node:test';
import { reachable, reversed, topologicalOrder } from '../src/graph.js';

const graph = new Map([
  ['ship', ['pack', 'invoice']],
  ['pack', ['pick']],
  ['invoice', ['pick']],
  ['pick', []],
]);

test('orders dependencies first', () => {
  assert.deepEqual(topologicalOrder(graph), ['pick', 'pack', 'invoice', 'ship']);
});

test('keeps the given order where it may', () => {
  assert.deepEqual(topologicalOrder(new Map([['b', []], ['a', []]])), ['b', 'a']);
});

test('orders nodes that are only named as dependencies', () => {
  assert.deepEqual(topologicalOrder(new Map([['a', ['b']]])), ['b', 'a']);
});

test('refuses a cycle and shows it', () => {
  const cyclic = new Map([['z', ['a']], ['a', ['b']], ['b', ['a']]]);
  assert.throws(() => topologicalOrder(cyclic), /cycle: a > b > a$/);
});

test('finds everything a node needs', () => {
  assert.deepEqual([...reachable(graph, 'ship')], ['pack', 'invoice', 'pick']);
  assert.deepEqual([...reachable(graph, 'pick')], []);
});

test('does not count the start, even in a cycle', () => {
  assert.deepEqual([...reachable(new Map([['a', ['b']], ['b', ['a']]]), 'a')], ['b']);
});

test('turns edges round', () => {
  assert.deepEqual([...reversed(new Map([['a', ['b', 'c']], ['b', ['c']]]))], [['a', []], ['b', ['a']], ['c', ['a', 'b']]]);
});
