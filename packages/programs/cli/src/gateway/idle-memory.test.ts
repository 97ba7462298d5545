import assert from 'node:assert/strict';
import { suite, test } from 'node:test';
import { cachedDataVersionTag } from 'node:v8';
import { SimulatedClock } from '@medkit/edges/testing';
import {
  IDLE_MEASUREMENTS,
  MEASURE_INTERVAL_MS,
  processHeap,
  SAVING_MEASUREMENTS,
  saveIdleMemory,
} from './idle-memory.ts';

const MB = 1_000_000;

function staged() {
  const clock = new SimulatedClock();
  const calls: boolean[] = [];
  const process = { busy: 0.9, heap: 60 * MB };
  const end = saveIdleMemory({
    clock,
    busyShare: () => process.busy,
    heapBytes: () => process.heap,
    saveMemory: (isWanted) => void calls.push(isWanted),
  });
  const pass = (looks: number) => clock.advance(looks * MEASURE_INTERVAL_MS);
  return { clock, calls, process, end, pass };
}

suite('memory at rest', () => {
  test('is reduced for a while once there is little to do, and not while there is much', () => {
    const { calls, process, pass } = staged();
    pass(100);
    assert.deepEqual(calls, []);
    process.busy = 0.1;
    pass(IDLE_MEASUREMENTS);
    assert.deepEqual(calls, [true]);
    process.heap = 44 * MB;
    pass(SAVING_MEASUREMENTS);
    assert.deepEqual(calls, [true, false]);
  });

  test('is reduced again only when the heap has grown', () => {
    const { calls, process, pass } = staged();
    process.busy = 0.1;
    process.heap = 44 * MB;
    pass(20);
    assert.deepEqual(calls, [true, false]);
    process.heap = 52 * MB;
    pass(20);
    assert.deepEqual(calls, [true, false]);
    process.heap = 60 * MB;
    pass(IDLE_MEASUREMENTS);
    assert.deepEqual(calls, [true, false, true]);
  });

  test('is no longer reduced when there is much to do again', () => {
    const { calls, process, pass } = staged();
    process.busy = 0.1;
    pass(IDLE_MEASUREMENTS);
    process.busy = 0.9;
    pass(1);
    assert.deepEqual(calls, [true, false]);
  });

  test('leaves nothing behind when it ends', () => {
    const { clock, calls, process, end, pass } = staged();
    process.busy = 0.1;
    pass(IDLE_MEASUREMENTS);
    end();
    assert.deepEqual(calls, [true, false]);
    assert.equal(clock.timers, 0);
  });

  test('measures and reduces the heap of this process', () => {
    const { busyShare, heapBytes, saveMemory } = processHeap();
    assert.ok(busyShare() >= 0 && busyShare() <= 1);
    assert.ok(heapBytes() > MB);
    const before = cachedDataVersionTag();
    saveMemory(true);
    assert.notEqual(cachedDataVersionTag(), before);
    saveMemory(false);
    assert.equal(cachedDataVersionTag(), before, 'kept code fits again');
  });
});
