import assert from 'node:assert/strict';
import { test } from 'node:test';
import { criticalPath, duration, earliest, latest } from '../src/schedule.js';

const jobs = [
  { name: 'pick', hours: 2 },
  { name: 'label', hours: 1 },
  { name: 'pack', hours: 3, after: ['pick'] },
  { name: 'load', hours: 1, after: ['pack', 'label'] },
];

test('starts a job when all before it are done', () => {
  assert.deepEqual(earliest(jobs).get('load'), { start: 5, end: 6 });
  assert.deepEqual(earliest(jobs).get('label'), { start: 0, end: 1 });
});

test('takes as long as the longest chain', () => {
  assert.equal(duration(jobs), 6);
  assert.equal(duration([]), 0);
});

test('starts a job as late as it may', () => {
  assert.equal(latest(jobs).get('label'), 4);
  assert.equal(latest(jobs).get('pick'), 0);
});

test('lets the last jobs end together', () => {
  assert.deepEqual([...latest([{ name: 'a', hours: 5 }, { name: 'b', hours: 2 }])], [['a', 0], ['b', 3]]);
});

test('finds the jobs without slack', () => {
  assert.deepEqual(criticalPath(jobs), ['pick', 'pack', 'load']);
});

test('sorts the critical path by time', () => {
  assert.deepEqual(criticalPath([{ name: 'b', hours: 1, after: ['a'] }, { name: 'a', hours: 1 }]), ['a', 'b']);
});

test('refuses to wait for a job that is not there', () => {
  assert.throws(() => earliest([{ name: 'a', hours: 1, after: ['ghost'] }]), /unknown job: ghost/);
});
