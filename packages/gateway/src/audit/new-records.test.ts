import assert from 'node:assert/strict';
import { it } from 'node:test';
import type { OnAppended } from '@medkit/audit';
import type { AuditRecord } from '@medkit/contract';
import { SimulatedClock } from '@medkit/edges/testing';
import { newRecords } from './new-records.ts';

const record = (id: number): AuditRecord => ({ id, timestamp: '', kind: 'request', hash: '' });

function setUp(isWanted: (id: number) => boolean = () => true) {
  const clock = new SimulatedClock();
  const log: number[] = [];
  const state = { delivered: [] as number[], reads: 0, failures: 0, isDown: false, left: 0 };
  let appended: OnAppended = () => assert.fail('nobody listens');
  const stop = newRecords({
    onAppended: (listener) => {
      appended = listener;
      return () => state.left++;
    },
    read: async (after, limit) => {
      state.reads++;
      if (state.isDown) throw new Error('down');
      const events = log.filter((id) => id > after && isWanted(id)).slice(0, limit);
      return { events: events.map(record), oldestId: 1, newestId: log.length };
    },
    listener: ({ id }) => state.delivered.push(id),
    clock,
    onFailure: () => state.failures++,
  });
  const append = (count: number) => {
    const seqs = Array.from({ length: count }, (_, at) => log.length + at + 1);
    log.push(...seqs);
    appended(seqs);
  };
  return { clock, state, log, append, stop };
}

const settled = () => new Promise((resolve) => setImmediate(resolve));

it('new records are reported once and in order, also in a burst, and earlier records are not', async () => {
  const { state, log, append } = setUp();
  log.push(1, 2, 3);
  append(250);
  append(1);
  await settled();
  append(1);
  await settled();
  assert.deepEqual(
    state.delivered,
    Array.from({ length: 252 }, (_, at) => at + 4),
  );
  assert.ok(state.reads <= 6, String(state.reads));
});

it('records that do not match are skipped, and not read again', async () => {
  const { state, append } = setUp((id) => id % 100 === 0);
  append(150);
  await settled();
  append(1);
  await settled();
  assert.deepEqual([state.delivered, state.reads], [[100], 2]);
});

it('a log that cannot be read is read later, and a listener that has stopped receives nothing', async () => {
  const { clock, state, append, stop } = setUp();
  state.isDown = true;
  append(2);
  await settled();
  assert.deepEqual([state.delivered, state.failures], [[], 1]);
  state.isDown = false;
  await clock.advanceAsync(5000, 5000);
  await settled();
  assert.deepEqual(state.delivered, [1, 2]);
  append(1);
  stop();
  await settled();
  assert.deepEqual([state.delivered, state.left], [[1, 2], 1]);
});
