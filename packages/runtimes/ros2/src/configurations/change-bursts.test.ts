import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { ExternalConfigurationChange } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import { ChangeBursts, MAX_BURSTS } from './change-bursts.ts';

const SECOND_NS = 1_000_000_000n;

function setUp() {
  const clock = new SimulatedClock();
  const timers = clock.timers;
  const changes: ExternalConfigurationChange[] = [];
  const bursts = new ChangeBursts(clock, (change) => changes.push(change));
  const change = (to: number, name = 'rate', nativeId = '/driver') =>
    bursts.add({ nativeId, name, from: String(to - 1), to: String(to) });
  return { clock, changes, bursts, change, begunNs: clock.wallNs(), timersOpen: () => clock.timers - timers };
}

it('a change is reported immediately, and leaves nothing behind if no other follows', () => {
  const { clock, changes, change, begunNs, timersOpen } = setUp();
  change(2);
  assert.deepEqual(changes, [
    { nativeId: '/driver', name: 'rate', from: '1', to: '2', count: 1, firstNs: begunNs, lastNs: begunNs },
  ]);
  assert.equal(timersOpen(), 1);
  clock.advance(10_000);
  assert.deepEqual([changes.length, timersOpen()], [1, 0]);
  change(3);
  assert.equal(changes.length, 2);
});

it('a parameter that keeps changing is reported ever less often, with the number of changes, the first and the last value', () => {
  const { clock, changes, change, begunNs } = setUp();
  for (let at = 0; at < 36_000; at++) {
    change(at + 1);
    clock.advance(100);
  }
  const [first, second] = changes;
  assert.deepEqual([first?.from, first?.to, first?.count], ['0', '1', 1]);
  const { from, to, count, firstNs, lastNs } = second ?? assert.fail();
  assert.deepEqual([from, to, count], ['1', '100', 99]);
  assert.deepEqual([firstNs - begunNs, lastNs - begunNs], [SECOND_NS / 10n, (99n * SECOND_NS) / 10n]);
  assert.ok(changes.length <= 14, `${changes.length} of an hour`);
  const counted = changes.reduce((sum, change) => sum + change.count, 0);
  assert.ok(counted > 36_000 - 6100 && counted <= 36_000, String(counted));
  for (const [at, change] of changes.entries()) if (at > 0) assert.equal(change.from, changes[at - 1]?.to);
});

it("parameters and nodes are reported separately, beyond a node's share only their number, and others keep room", () => {
  const { clock, changes, bursts, change } = setUp();
  for (let at = 0; at < MAX_BURSTS / 2; at++) change(1, `p${at}`);
  for (let at = 0; at < 100; at++) change(1, `q${at}`);
  change(1, 'p0', '/other');
  assert.equal(changes.length, MAX_BURSTS / 2 + 2);
  assert.deepEqual(
    changes.slice(-2).map(({ nativeId, name, to, count }) => [nativeId, name, to, count]),
    [
      ['/driver', undefined, undefined, 1],
      ['/other', 'p0', '1', 1],
    ],
  );
  const { owners, refused } = bursts.figures();
  assert.deepEqual([owners, refused], [2, 100]);
  clock.advance(10_000);
  assert.deepEqual(
    changes.slice(MAX_BURSTS / 2 + 2).map(({ nativeId, name, count }) => [nativeId, name, count]),
    [['/driver', undefined, 99]],
  );
});

it('nothing is reported after the close', () => {
  const { clock, changes, bursts, change, timersOpen } = setUp();
  change(1);
  change(2);
  bursts.close();
  clock.advance(60_000);
  assert.deepEqual([changes.length, timersOpen()], [1, 0]);
});
