import assert from 'node:assert/strict';
import { it } from 'node:test';
import { FirstDenials } from './first-denials.ts';

const HOUR_MS = 3_600_000;

it('the first denial of each permission of a principal in each hour is marked as first', () => {
  const denials = new FirstDenials();
  assert.equal(denials.judge('user:alice', 'scripts.run', 5), 'first');
  assert.equal(denials.judge('user:alice', 'scripts.run', HOUR_MS - 1), 'again');
  assert.equal(denials.judge('user:alice', 'updates', HOUR_MS - 1), 'first');
  assert.equal(denials.judge('user:bob', 'scripts.run', HOUR_MS - 1), 'first');
  assert.equal(denials.judge('user:alice', 'scripts.run', HOUR_MS), 'first');
});

it('the number of remembered denials is limited, and denials beyond the limit are reported separately', () => {
  const denials = new FirstDenials(2);
  for (const principal of ['a', 'b']) assert.equal(denials.judge(principal, 'read', 0), 'first');
  assert.equal(denials.judge('c', 'read', 0), 'no room');
  assert.equal(denials.judge('a', 'read', 0), 'again');
  assert.equal(denials.judge('c', 'read', HOUR_MS), 'first');
});
