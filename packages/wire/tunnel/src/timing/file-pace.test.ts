import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import { filePace } from './file-pace.ts';

const PIECE = 16_384;

/** A pace with pieces without end: `answer` answers the ping after `ms` and returns how many pieces that releases. */
function scene(maxKbitPerSec = 0) {
  const clock = new SimulatedClock();
  const pace = filePace(clock, maxKbitPerSec);
  let sent = 0;
  const fill = (): void => {
    for (let count = 0; count < 1000; count += 1) pace.take(PIECE, () => (sent += 1));
  };
  const answer = (ms: number): number => {
    const before = sent;
    assert.equal(pace.needsPing, true);
    pace.pinged();
    assert.equal(pace.needsPing, false);
    clock.advance(ms);
    pace.roundTrip(ms);
    return sent - before;
  };
  return { clock, pace, fill, answer, sent: () => sent };
}

test('only a window of pieces is under way, and the answer to a ping confirms the pieces before it', () => {
  const { pace, fill, answer, sent } = scene();
  fill();
  assert.equal(sent(), 2);
  assert.equal(pace.windowBytes, 2 * PIECE);
  assert.equal(answer(20), 4);
  assert.equal(answer(20), 8);
});

test('on a fast link the window grows to its maximum, and pings become rare', () => {
  const { pace, fill, answer } = scene();
  fill();
  for (let turn = 0; turn < 8; turn += 1) answer(1);
  assert.equal(pace.windowBytes, 8_388_608);
  const other = filePace(new SimulatedClock(), 0);
  other.take(1000, () => undefined);
  assert.equal(other.needsPing, false);
});

test('a round trip of four times the least halves the window, which then grows by a piece at a time', () => {
  const { clock, pace, fill, answer } = scene();
  fill();
  answer(200);
  answer(200);
  assert.equal(pace.windowBytes, 8 * PIECE);
  answer(900);
  assert.equal(pace.windowBytes, 4 * PIECE);
  answer(600);
  assert.equal(pace.windowBytes, 4 * PIECE);
  answer(250);
  assert.equal(pace.windowBytes, 5 * PIECE);
  clock.advance(15_000);
  answer(250);
  assert.equal(pace.windowBytes, 10 * PIECE);
});

test('one piece is always under way, and without files a slow ping changes nothing', () => {
  const { pace, fill, answer } = scene();
  pace.roundTrip(10);
  pace.roundTrip(500);
  assert.equal(pace.windowBytes, 2 * PIECE);
  fill();
  for (let turn = 0; turn < 5; turn += 1) answer(500);
  assert.equal(pace.windowBytes, PIECE);
  assert.equal(answer(500), 1);
});

test('with a limit of the rate, pieces of the window are sent at that rate', () => {
  const { clock, pace, sent } = scene();
  const limited = filePace(clock, 800);
  const times: number[] = [];
  const startMs = clock.monotonicMs();
  for (let piece = 0; piece < 3; piece += 1) limited.take(10_000, () => times.push(clock.monotonicMs() - startMs));
  clock.advance(1000);
  assert.deepEqual(times, [0, 100, 200]);
  assert.deepEqual([sent(), pace.windowBytes], [0, 2 * PIECE]);
});
