import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate as soon } from 'node:timers/promises';
import type { ForwardProvider, ForwardReply, ObservedFault } from '@medkit/core';
import { SimulatedClock } from '@medkit/edges/testing';
import type { ObservedLogs } from '../../fault-stream/observed-logs.ts';
import { memoryDatabase } from '../../testing/memory-database.ts';
import { withDocument } from '../forwarding/parse-document.ts';
import { copyFaults, type FaultCopying } from './copy-faults.ts';

/** A peer whose faults are copied, and the times at which its evidence was read. */
async function setUp() {
  const clock = new SimulatedClock();
  const beganMs = clock.monotonicMs();
  const requestMs: number[] = [];
  let listener: Parameters<ObservedLogs['listen']>[0] = () => undefined;
  const forwarding: ForwardProvider = {
    send: async (_nativeId, { path }): Promise<ForwardReply> => {
      requestMs.push(clock.monotonicMs() - beganMs);
      return withDocument({ status: 200, headers: {}, close: () => undefined }, { item: { code: path } });
    },
  };
  const yard = {
    name: 'yard',
    keep: () => undefined,
    entityWithAncestors: () => [],
    peerState: () => ({ status: 'online' }),
  };
  const copying = {
    clock,
    database: memoryDatabase(clock),
    log: () => undefined,
    maxBytes: 1_000_000,
    recordings: { maxBytes: 0 },
    peers: { runtimes: [yard] },
    model: { tree: { all: () => [] }, provider: () => ({ forwarding }), onChange: () => () => undefined },
    observed: {
      logs: () => [],
      listen: (onEvent: typeof listener) => {
        listener = onEvent;
        return () => undefined;
      },
    },
  };
  const copied = await copyFaults(copying as unknown as FaultCopying);
  let id = 0;
  const happens = (news: ObservedFault['news'][number]): void => {
    const fault = { fault_code: 'JAM', status: 'CONFIRMED', entity_type: 'app', entity_id: 'arm' };
    const reported = { event_type: 'fault_confirmed', fault };
    listener({ origin: 'yard', id: ++id, timeNs: 0n, news: [news], event: reported, gateways: ['yard'] });
  };
  /** Advances in steps of 100 ms, with an event before each. */
  const storm = async (news: ObservedFault['news'][number], steps: number): Promise<void> => {
    for (let step = 0; step < steps; step++) {
      happens(news);
      await clock.advance(100);
      for (let turn = 0; turn < 20; turn++) await soon();
    }
  };
  return { copied, requestMs, storm };
}

describe('a fault that is reported again and again', () => {
  it('is copied soon after its first confirmation, and then less often', async () => {
    const { copied, requestMs, storm } = await setUp();
    await storm('fault_confirmed', 100);
    assert.equal(requestMs[0], 200);
    assert.ok(
      requestMs.length >= 4 && requestMs.length <= 6,
      `asked ${requestMs.length} times in 10 s: ${requestMs.join(' ')}`,
    );
    await copied.close();
  });

  it('is copied every two seconds while it is reported again', async () => {
    const { copied, requestMs, storm } = await setUp();
    await storm('fault_updated', 100);
    assert.deepEqual(requestMs.slice(0, 1), [2000]);
    assert.ok(
      requestMs.length >= 4 && requestMs.length <= 5,
      `asked ${requestMs.length} times in 10 s: ${requestMs.join(' ')}`,
    );
    await copied.close();
  });
});
