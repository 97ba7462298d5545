import assert from 'node:assert/strict';
import { afterEach, describe, it } from 'node:test';
import type { FaultEvent } from '@medkit/core';
import { app, fault, faultEvent, memoryFaults } from '@medkit/core/testing';
import { followed } from '../federation/stream-client.ts';
import { eventually } from '../harness/eventually.ts';
import { robotOfHub } from './robot-of-hub.ts';

const closing: (() => unknown)[] = [];
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close();
});

/** Starts a hub with a robot that logs its fault events. */
async function start() {
  const events: FaultEvent[] = [];
  const address = { runtime: 'ros2', nativeId: '/arm' };
  const fleet = await robotOfHub({
    robot: {
      robot: { apps: [app('arm', { node: '/arm', address })], providers: { faults: memoryFaults({ events }) } },
    },
  });
  closing.push(() => fleet.close());
  return {
    ...fleet,
    /** Logs and announces an event of the robot. */
    happens: (): void => {
      const id = events.length + 1;
      const event = faultEvent(id, { fault: fault(`F${id}`, { sources: ['/arm'] }) });
      events.push(event);
      fleet.robot.runtime.announce(event);
    },
    follow: async (lastId?: string) => {
      const client = await followed(`${fleet.through}/api/v1/faults/stream`, lastId);
      closing.push(() => client.close());
      return client;
    },
  };
}

type Client = Awaited<ReturnType<typeof followed>>;
const codesOf = ({ events }: Client): readonly string[] => events.map(({ data }) => JSON.parse(data).fault.fault_code);
const hasAwayComment = ({ comments }: Client): boolean =>
  comments.some((text) => /^robot is away since \d{4}-\d\d-\d\dT/.test(text));

describe('the event stream of a robot that is away', () => {
  it('continues with each event once when the robot is back', async () => {
    const { happens, follow, leave, connect } = await start();
    const client = await follow();
    happens();
    await eventually('the first event', async () => client.events.length === 1);
    await leave();
    await eventually('a comment', async () => hasAwayComment(client));
    happens();
    happens();
    await connect();
    await eventually('the events', async () => client.events.length >= 3);
    happens();
    await eventually('a later one', async () => client.events.length >= 4);
    await leave();
    await connect();
    happens();
    await eventually('the last one', async () => client.events.length >= 5);
    assert.deepEqual(codesOf(client), ['F1', 'F2', 'F3', 'F4', 'F5']);
    assert.equal(client.isOver, false);
  });

  it('can be opened while the robot is away, also after an earlier event', async () => {
    const { happens, follow, leave, connect } = await start();
    happens();
    happens();
    await leave();
    const [later, whole] = [await follow('1'), await follow()];
    await eventually('comments', async () => hasAwayComment(later) && hasAwayComment(whole));
    happens();
    await connect();
    await eventually('the events', async () => later.events.length >= 2 && whole.events.length >= 3);
    assert.deepEqual(
      [codesOf(later), codesOf(whole)],
      [
        ['F2', 'F3'],
        ['F1', 'F2', 'F3'],
      ],
    );
  });

  it('ends if the robot may not connect any more, and does not begin', async () => {
    const { hub, follow, through } = await start();
    const client = await follow();
    assert.equal((await hub.fleet('POST', '/robots/amr-17/revoke')).status, 200);
    await eventually('the end', async () => client.isOver);
    assert.match(client.comments.join(), /the robot amr-17 is revoked/);
    assert.equal((await fetch(`${through}/api/v1/faults/stream`)).status, 504);
    assert.equal((await hub.call('GET', '/fleet/none/api/v1/faults/stream')).status, 404);
  });

  it('counts as a request to the robot until it ends', async () => {
    const { hub, follow, leave, through } = await start();
    await leave();
    for (let count = 0; count < 63; count += 1) await follow();
    const last = await follow();
    const refused = await fetch(`${through}/api/v1/faults/stream`);
    assert.deepEqual([refused.status, refused.headers.get('retry-after')], [503, '1']);
    assert.equal((await hub.call('GET', '/api/v1/health')).status, 200);
    last.close();
    const next = await eventually('its place', () => follow().catch(() => undefined));
    assert.equal(next.isOver, false);
  });
});
