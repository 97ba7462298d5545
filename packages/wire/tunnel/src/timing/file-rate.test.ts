import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { fileRate } from './file-rate.ts';

test('without a limit and without congestion files are not delayed', () => {
  const rate = fileRate(new SimulatedClock(), 0);
  for (let piece = 0; piece < 100; piece += 1) assert.equal(rate.reserve(16_384), 0);
});

test('with a limit, pieces are sent at that rate', () => {
  const clock = new SimulatedClock();
  const rate = fileRate(clock, 800);
  assert.equal(rate.bytesPerSec, 100_000);
  assert.deepEqual([rate.reserve(10_000), rate.reserve(10_000), rate.reserve(10_000)], [0, 100, 200]);
  clock.advance(1000);
  assert.equal(rate.reserve(10_000), 0);
});

test('a round trip of four times the least halves the rate, and later ones double it slowly', () => {
  const clock = new SimulatedClock();
  const rate = fileRate(clock, 0);
  rate.roundTrip(20);
  rate.reserve(400_000);
  clock.advance(2000);
  rate.roundTrip(90);
  assert.equal(rate.bytesPerSec, 100_000);
  rate.reserve(400_000);
  clock.advance(2000);
  rate.roundTrip(300);
  assert.equal(rate.bytesPerSec, 50_000);
  clock.advance(2000);
  rate.roundTrip(25);
  assert.equal(rate.bytesPerSec, 50_000);
  clock.advance(15_000);
  rate.roundTrip(25);
  assert.equal(rate.bytesPerSec, 100_000);
  for (let turn = 0; turn < 12; turn += 1) {
    clock.advance(15_000);
    rate.roundTrip(25);
  }
  assert.equal(rate.bytesPerSec, Number.POSITIVE_INFINITY);
});

test('the rate does not fall below 2 kB/s, and without files a slow ping changes nothing', () => {
  const clock = new SimulatedClock();
  const rate = fileRate(clock, 0);
  rate.roundTrip(10);
  rate.roundTrip(500);
  assert.equal(rate.bytesPerSec, Number.POSITIVE_INFINITY);
  for (let turn = 0; turn < 30; turn += 1) {
    rate.reserve(1000);
    clock.advance(2000);
    rate.roundTrip(500);
  }
  assert.equal(rate.bytesPerSec, 2000);
});
