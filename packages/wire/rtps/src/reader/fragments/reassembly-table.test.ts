import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { Drops } from '../../drops.ts';
import { MemoryBudget } from '../../history/memory-budget.ts';
import type { RemoteEndpoint } from '../../model/remote.ts';
import { numberIn, payloadOf } from '../../testing/scene.ts';
import type { DataFragSubmessage, Message } from '../../wire/submessages.ts';
import { ReassemblyTable } from './reassembly-table.ts';

const WRITER = {} as RemoteEndpoint;
const FRAGMENT_BYTES = 100;

function open({ limitBytes = 1e9, limit = 4, giveUp = 'highest' as const } = {}) {
  const budget = new MemoryBudget(limitBytes);
  const drops = new Drops();
  return { budget, drops, table: new ReassemblyTable({ budget, drops, limit, giveUp }) };
}

/** `count` fragments starting with number `first`, of a sample of `sampleBytes`. */
function fragment(sequenceNumber: number, first: number, { count = 1, sampleBytes = 1000, nowMs = 0 } = {}) {
  const payload = payloadOf(sequenceNumber, sampleBytes);
  const start = (first - 1) * FRAGMENT_BYTES;
  const bytes = payload.slice(start, start + count * FRAGMENT_BYTES);
  const message = { bytes, timestampSeconds: -1, monotonicMs: nowMs, receivedMs: nowMs } as Message;
  const data: Partial<DataFragSubmessage> = {
    sequenceNumber,
    firstFragment: first,
    fragmentCount: count,
    fragmentBytes: FRAGMENT_BYTES,
    sampleBytes,
    payloadStart: 0,
    payloadEnd: bytes.length,
    status: 0,
    keyHashAt: -1,
    relatedIdentityAt: -1,
  };
  return [message, data as DataFragSubmessage, WRITER] as const;
}

describe('reassembly', () => {
  it('completes a sample from its fragments in any order, repeated, one or several at a time', () => {
    const random = seededRandom(8);
    for (let number = 1; number <= 100; number += 1) {
      const { table, budget } = open();
      const parts: number[] = [];
      for (let first = 1; first <= 10; first += 1) parts.push(first, first);
      parts.sort(() => random.float() - 0.5);
      let completed = 0;
      for (const first of parts) {
        const sample = table.add(...fragment(number, first, { count: first < 10 && random.float() < 0.3 ? 2 : 1 }));
        if (!sample) continue;
        completed += 1;
        assert.equal(numberIn(sample), number);
        assert.equal(sample.payload.length, 1000);
        break;
      }
      assert.equal(completed, 1);
      assert.equal(budget.usedBytes, 0);
    }
  });

  it('requests announced fragments that are missing, less often while nothing arrives', () => {
    const { table } = open();
    table.add(...fragment(1, 1));
    table.add(...fragment(1, 4));
    const [reassembly] = table.values();
    assert.deepEqual(reassembly.request(100), [2, 3]);
    assert.equal(reassembly.requestDueMs(10, 100), 20);
    table.announce(1, 6);
    assert.deepEqual(reassembly.request(120), [2, 3, 5, 6]);
    assert.equal(reassembly.requestDueMs(10, 120), 40);
    table.add(...fragment(1, 2, { nowMs: 130 }));
    table.announceAll(1);
    assert.deepEqual(reassembly.request(160), [3, 5, 6, 7, 8, 9, 10]);
    // A fragment arrived after the last request, so the delay starts again.
    assert.equal(reassembly.requestDueMs(10, 160), 20);
  });

  it('keeps to its budget, and returns the memory of completed, removed and idle samples', () => {
    const { table, budget, drops } = open({ limitBytes: 2500 });
    table.add(...fragment(1, 1, { sampleBytes: 4000 }));
    assert.equal(drops.byReason()['reassembly-full'], 1);
    table.add(...fragment(2, 1));
    table.add(...fragment(3, 1, { nowMs: 9000 }));
    budget.sweep(10_500);
    assert.deepEqual([table.has(2), table.has(3)], [false, true]);
    table.clear();
    assert.equal(budget.usedBytes, 0);
  });

  it('evicts the sample that has not progressed for the longest', () => {
    const { table, budget, drops } = open({ limitBytes: 2500 });
    const other = new ReassemblyTable({ budget, drops, limit: 4, giveUp: 'highest' });
    other.add(...fragment(1, 1));
    other.add(...fragment(2, 1, { nowMs: 1 }));
    other.add(...fragment(1, 2, { nowMs: 2 }));
    table.add(...fragment(1, 1, { nowMs: 3 }));
    assert.deepEqual([other.has(1), other.has(2), table.has(1)], [true, false, true]);
  });

  it('drops the highest number for a reliable reader, and the lowest for a best-effort reader', () => {
    const reliable = open({ limit: 2 });
    for (const number of [5, 7, 9, 3]) reliable.table.add(...fragment(number, 1));
    assert.deepEqual(Array.from(reliable.table.values(), ({ sequenceNumber }) => sequenceNumber).sort(), [3, 5]);
    const bestEffort = open({ limit: 2, giveUp: 'lowest' as never });
    for (const number of [5, 7, 9, 3]) bestEffort.table.add(...fragment(number, 1));
    assert.deepEqual(Array.from(bestEffort.table.values(), ({ sequenceNumber }) => sequenceNumber).sort(), [7, 9]);
  });

  it('refuses a fragment whose layout differs from the first one', () => {
    const { table, drops } = open();
    table.add(...fragment(1, 1));
    table.add(...fragment(1, 1, { sampleBytes: 500 }));
    assert.equal(drops.byReason()['fragment-mismatch'], 1);
  });
});
