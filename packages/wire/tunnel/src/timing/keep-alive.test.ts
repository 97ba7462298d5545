import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { keepAlive, pingPeriodMs, shortenPeriod, silenceLimit } from './keep-alive.ts';

function opened(addresses?: () => string) {
  const clock = new SimulatedClock();
  const seen = { pings: 0, dead: 0, roundTripsMs: [] as number[] };
  const pings = keepAlive({
    clock,
    periodMs: 30_000,
    ping: () => {
      seen.pings += 1;
    },
    onRoundTrip: (ms) => seen.roundTripsMs.push(ms),
    onDead: () => {
      seen.dead += 1;
    },
    ...(addresses && { addresses }),
  });
  return { clock, seen, pings };
}

test('the robot pings as often as its setting, and as the proxies of the hub require', () => {
  assert.deepEqual([pingPeriodMs(30, 25), pingPeriodMs(10, 25), pingPeriodMs(0, 25)], [25_000, 10_000, 1000]);
});

test('a connection that answers stays open, and the round trip is measured', () => {
  const { clock, seen, pings } = opened();
  for (let round = 0; round < 10; round += 1) {
    clock.advance(30_000 - 40 * Number(round > 0));
    clock.advance(40);
    pings.pong();
  }
  assert.equal(seen.dead, 0);
  assert.ok(seen.roundTripsMs.every((ms) => ms <= 40) && seen.roundTripsMs.length === 10);
  pings.close();
  assert.equal(clock.timers, 0);
});

test('a connection without a pong is dead after two and a half periods', () => {
  const { clock, seen } = opened();
  clock.advance(74_999);
  assert.equal(seen.dead, 0);
  clock.advance(2);
  assert.equal(seen.dead, 1);
});

test('a changed address is checked within 5 s, and no answer within 10 s is a dead connection', () => {
  let address = '10.0.0.7';
  const { clock, seen, pings } = opened(() => address);
  clock.advance(10_000);
  assert.equal(seen.pings, 0);
  address = '192.168.1.9';
  clock.advance(5000);
  assert.equal(seen.pings, 1);
  pings.pong();
  clock.advance(10_000);
  assert.equal(seen.dead, 0);
  address = '10.0.0.7';
  clock.advance(15_001);
  assert.equal(seen.dead, 1);
});

test('the hub ends a connection without pings after two and a half periods', () => {
  const clock = new SimulatedClock();
  let dead = 0;
  const limit = silenceLimit(clock, 25_000, () => {
    dead += 1;
  });
  for (let round = 0; round < 5; round += 1) {
    clock.advance(60_000);
    limit.sign();
  }
  assert.equal(dead, 0);
  clock.advance(62_501);
  assert.equal(dead, 1);
});

test('three losses after the same silence shorten the period by a fifth, others do not', () => {
  let silences: readonly number[] = [];
  const results = [20_000, 20_400, 19_900].map((silentMs) => {
    const next = shortenPeriod(25_000, silences, silentMs);
    silences = next.silences;
    return next.shortened ? next.periodMs : undefined;
  });
  assert.deepEqual(results, [undefined, undefined, 20_000]);
  assert.equal(shortenPeriod(25_000, [100, 20_000], 20_000).shortened, false);
  assert.equal(shortenPeriod(25_000, [0, 0], 0).shortened, false);
  assert.equal(shortenPeriod(2100, [2000, 2000], 2000).periodMs, 2000);
});
