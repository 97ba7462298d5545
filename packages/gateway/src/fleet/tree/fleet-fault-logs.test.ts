import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { callContext, type ObservedFault } from '@medkit/core';
import { mergeContributions } from '@medkit/core/merge';
import { SimulatedClock } from '@medkit/edges/testing';
import type { FleetChange, FleetFaultEvent } from '@medkit/fleet';
import { StoreError } from '@medkit/store';
import { fleetFaultLogs } from './fleet-fault-logs.ts';

const event = (id: number, type = 'fault_confirmed', robot = 'amr-1'): FleetFaultEvent => ({
  ...{ id, robot, atMs: id * 1000 },
  body: { event_type: type, fault: { fault_code: `F${id}`, severity: 2, status: 'CONFIRMED' }, timestamp: 1 },
});

/** Resolves after all that is pending now. */
const settled = () => new Promise((resolve) => setImmediate(resolve));

/** The log of a record with these events; reading fails while `stage.isBroken`. */
function setUp(events: FleetFaultEvent[], isPeer: (robot: string) => boolean = () => false) {
  const clock = new SimulatedClock();
  const changes = new Set<(change: FleetChange) => void>();
  const stage = { isBroken: false };
  const readable = <T>(value: () => T) =>
    stage.isBroken ? Promise.reject(new StoreError('the disk is away')) : Promise.resolve(value());
  const logs = fleetFaultLogs({
    fleet: {
      faultEvents: {
        bounds: () => readable(() => ({ oldestId: events[0]?.id ?? 0, newestId: events.at(-1)?.id ?? 0 })),
        after: (id, limit) => readable(() => events.filter((each) => each.id > id).slice(0, limit)),
        beforeLast: () => readable(() => 0),
      },
      onChange: (listener) => {
        changes.add(listener);
        return () => void changes.delete(listener);
      },
    },
    model: { tree: mergeContributions([]).tree },
    ...{ clock, log: () => undefined, isPeer },
  });
  const received: ObservedFault[] = [];
  const stop = logs.listen(
    (each) => received.push(each),
    () => undefined,
  );
  const add = async (...more: FleetFaultEvent[]): Promise<void> => {
    events.push(...more);
    for (const listener of changes) listener({ robot: 'amr-1', topic: 'events' });
    await settled();
  };
  const after = async (id: number) =>
    logs
      .logs()[0]!
      .eventsAfter(id, 10, callContext({ clock, timeoutMs: 1000 }))
      .then(({ events: found }) => found);
  return { clock, stage, logs, received, stop, add, after, changes };
}

const ids = (events: readonly ObservedFault[]) => events.map(({ id }) => id);

describe('the fault events of all robots', () => {
  it('are delivered once, in order, and only those after the first listener', async () => {
    const { received, add, after } = setUp([event(1), event(4)]);
    await add(event(5), event(9, 'fault_healed'));
    assert.deepEqual(ids(received), [5, 9]);
    assert.deepEqual(received[1]?.news, ['fault_healed', 'fault_cleared']);
    assert.equal(received[0]?.owner, 'amr-1');
    assert.deepEqual(ids(await after(0)), [1, 4, 5, 9]);
  });

  it('lack those that are of no fault stream, and those of robots that are peers', async () => {
    const { received, add, after } = setUp([event(1)], (robot) => robot === 'peer');
    await add(event(2, 'fault_invented'), event(3, 'fault_confirmed', 'peer'), event(4));
    assert.deepEqual(ids(received), [4]);
    assert.deepEqual(ids(await after(1)), [4]);
  });

  it('follow again when the record can be read again', async () => {
    const { stage, received, add, clock, after } = setUp([event(1)]);
    await settled();
    stage.isBroken = true;
    await add(event(2));
    await assert.rejects(after(0), { code: 'service-unavailable' });
    stage.isBroken = false;
    clock.advance(1000);
    await settled();
    assert.deepEqual(ids(received), [2]);
  });

  it('begin when the record can be read for the first time', async () => {
    const { stage, received, add, stop, logs } = setUp([event(1)]);
    stop();
    stage.isBroken = true;
    logs.listen(
      (each) => received.push(each),
      () => undefined,
    );
    await settled();
    stage.isBroken = false;
    await add(event(2));
    await add(event(3));
    assert.deepEqual(ids(received), [3]);
  });

  it('are not read without a listener', async () => {
    const { received, add, stop, changes } = setUp([event(1)]);
    stop();
    await add(event(2));
    assert.deepEqual([received.length, changes.size], [0, 0]);
  });
});
