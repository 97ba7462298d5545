import assert from 'node:assert/strict';
import { it } from 'node:test';
import { app } from '../testing/small-graph.ts';
import { LastSeen } from './last-seen.ts';

const on = app('lidar');
const off = app('lidar', { online: false });

it('3.5 last_seen: is the time at which an app that was online went offline, and is absent while it is online', () => {
  const seen = new LastSeen();
  seen.update([on], 1000);
  assert.equal(seen.of('lidar'), undefined);
  seen.update([off], 2000);
  seen.update([off], 3000);
  assert.equal(seen.of('lidar'), 2000);
  seen.update([on], 4000);
  assert.equal(seen.of('lidar'), undefined);
});

it('3.5 last_seen: an app that never was online has none', () => {
  const seen = new LastSeen();
  seen.update([off], 1000);
  assert.equal(seen.of('lidar'), undefined);
});

it('3.5 last_seen: an app that the tree no longer has is forgotten', () => {
  const seen = new LastSeen();
  seen.update([on], 1000);
  seen.update([off], 2000);
  seen.update([], 3000);
  seen.update([off], 4000);
  assert.equal(seen.of('lidar'), undefined);
});
