import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { UplinkEnd } from '../handshake/uplink-end.ts';
import { type Attempts, comeBack, stopRetryMs } from './come-back.ts';

const at = (float: number) => ({ float: () => float });
const START: Attempts = { failures: 0, connectedMs: 0, spreadMs: 0 };
const reason = 'x';
const DAY_MS = 86_400_000;

test('each end has its delay', () => {
  const cases: readonly (readonly [UplinkEnd, number | undefined])[] = [
    [{ kind: 'closed', reason }, undefined],
    [{ kind: 'stopped', retryMs: 7000, reason }, 7000],
    [{ kind: 'stopped', retryMs: 9e9, reason }, 120_000],
    [{ kind: 'rotated', reason }, 500],
    [{ kind: 'lost', reason }, 2500],
    [{ kind: 'busy', retryMs: 0, reason }, 2500],
    [{ kind: 'busy', retryMs: 10_000, reason }, 10_000],
    [{ kind: 'refused', code: 'pending', retryMs: 1, reason }, 30_000],
    [{ kind: 'refused', code: 'too-many', retryMs: 4000, reason }, 4000],
    [{ kind: 'refused', code: 'too-many', reason }, 60_000],
    [{ kind: 'refused', code: 'too-old', retryMs: 9e9, reason }, DAY_MS],
    [{ kind: 'refused', code: 'revoked', retryMs: 1, reason }, DAY_MS],
    [{ kind: 'refused', code: 'cloned', reason }, DAY_MS],
    [{ kind: 'refused', code: 'unknown', reason }, DAY_MS],
    [{ kind: 'protocol', code: 'other-hub', reason }, DAY_MS],
    [{ kind: 'protocol', code: 'too-slow', reason }, 2500],
  ];
  for (const [end, delayMs] of cases)
    assert.equal(comeBack(end, START, at(0.5))?.delayMs, delayMs, JSON.stringify(end));
});

test('the first attempt is spread over 5 s and the spread of the hub, later ones up to 2, 4, 8 … 300 s', () => {
  const end: UplinkEnd = { kind: 'lost', reason };
  const random = at(0);
  assert.equal(comeBack(end, { ...START, spreadMs: 10_000 }, at(1))?.delayMs, 15_000);
  const longest = [1, 2, 3, 8, 100].map((failures) => comeBack(end, { ...START, failures }, random)?.delayMs);
  assert.deepEqual(longest, [2000, 4000, 8000, 256_000, 300_000]);
  assert.equal(comeBack(end, { ...START, failures: 8 }, at(1))?.delayMs, 0);
});

test('only a session of a minute ends a series of failures', () => {
  const end: UplinkEnd = { kind: 'lost', reason };
  assert.equal(comeBack(end, { failures: 4, connectedMs: 59_000, spreadMs: 0 }, at(0))?.failures, 5);
  assert.equal(comeBack(end, { failures: 4, connectedMs: 60_000, spreadMs: 0 }, at(0))?.failures, 1);
});

test('a busy hub is met again at its time, changed by up to half', () => {
  const end: UplinkEnd = { kind: 'busy', retryMs: 10_000, reason };
  assert.deepEqual(
    [0, 1].map((float) => comeBack(end, START, at(float))?.delayMs),
    [5000, 15_000],
  );
});

test('a hub that stops spreads its robots over a hundred a second, up to two minutes', () => {
  assert.deepEqual(
    [500, 10_000, 50_000].map((robots) => stopRetryMs(robots, at(1))),
    [5000, 100_000, 120_000],
  );
});
