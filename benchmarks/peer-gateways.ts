import { setTimeout as delay } from 'node:timers/promises';
import type { FaultEvent } from '@medkit/core';
import { app, component, fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { realGateway } from '../test/federation/real-gateway.ts';

/** Faults of the one app of each gateway that has any. */
const FAULTS = 5;
/** Events that each gateway stores. */
const MAX_EVENTS = 1000;

/**
 * Gateways on loopback, each with an in-memory robot, in this process: `<first> <count> <apps>`. Sends their addresses
 * on the IPC channel. On request it starts an app at one of them and replies with the time of its appearance; or
 * creates a number of fault events at each and replies when done.
 */
const [first = 0, count = 1, apps = 1] = process.argv.slice(2).map(Number);

/** Number of evidence requests to any of them. */
let evidenceRequests = 0;

/** Apps of a robot, all with logs; one of them has faults. */
function robot(number: number, more: readonly string[] = []) {
  const host = `p${number}_host`;
  const ids = [...Array.from({ length: apps }, (_, at) => `p${number}_a${at}`), ...more];
  return {
    components: [component(host)],
    apps: ids.map((id) =>
      app(id, { componentId: host, node: `/${id}`, address: { runtime: 'ros2', nativeId: `/${id}` } }),
    ),
  };
}

const gateways = await Promise.all(
  Array.from({ length: count }, async (_, at) => {
    const number = first + at;
    const sources = [`/p${number}_a0`];
    const events: FaultEvent[] = [];
    let lastId = 0;
    const faults = memoryFaults({
      faults: Array.from({ length: FAULTS }, (__, n) => fault(`P${number}_${n}`, { sources })),
      events,
      onCall: (method) => {
        if (method === 'get') evidenceRequests += 1;
      },
    });
    const contribution = { ...robot(number), records: { isEntity: () => true }, providers: { faults } };
    const gateway = await realGateway({ instance: `peer-${number}`, robot: contribution, isChecked: false });
    /** Creates the next event of one of its faults. */
    const happen = (type: FaultEvent['type']): void => {
      const id = ++lastId;
      const code = `P${number}_${id % FAULTS}`;
      const event = faultEvent(id, {
        type,
        fault: fault(code, { sources, occurrenceCount: id, description: String(process.hrtime.bigint()) }),
        timeNs: BigInt(Date.now()) * 1_000_000n,
      });
      events.push(event);
      if (events.length > MAX_EVENTS) events.shift();
      gateway.runtime.announce(event);
    };
    return { ...gateway, happen };
  }),
);

async function storm({ events, perSecond, type = 'fault_updated' }: Storm): Promise<void> {
  const beganMs = performance.now();
  for (let done = 0; done < events * count; ) {
    const due = Math.floor(((performance.now() - beganMs) / 1000) * perSecond * count) + 1;
    for (; done < Math.min(due, events * count); done += 1) gateways[done % count]?.happen(type);
    await delay(1);
  }
}

process.on('message', async (order: StartApp | Storm) => {
  if ('events' in order) await storm(order);
  else gateways[order.number - first]?.runtime.tell(robot(order.number, [order.id]));
  process.send?.({ atMs: performance.timeOrigin + performance.now(), evidenceRequests } satisfies StartedApp &
    StormResult);
});
process.on('disconnect', () => process.exit(0));
process.send?.(gateways.map(({ url }) => url));

export interface StartApp {
  readonly number: number;
  readonly id: string;
}

/** Number of events at each gateway, and their rate per second. */
export interface Storm {
  readonly events: number;
  readonly perSecond: number;
  readonly type?: FaultEvent['type'];
}

export interface StormResult {
  /** Number of evidence requests to any of them so far. */
  readonly evidenceRequests: number;
}

export interface StartedApp {
  /** Milliseconds since the epoch. */
  readonly atMs: number;
}
