import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { type EntityKind, KIND_TERMS } from '@medkit/contract';
import { fault, faultEvent } from '@medkit/core/testing';
import { type ReplyView, replyTo } from '../federation/reply-view.ts';
import { REQUESTS, robotGateway } from '../federation/route-requests.ts';
import { followed } from '../federation/stream-client.ts';
import { eventually } from '../harness/eventually.ts';
import { robotOfHub } from './robot-of-hub.ts';

const PREFIX = '/fleet/amr-17';

let twin: Awaited<ReturnType<typeof robotGateway>>;
let fleet: Awaited<ReturnType<typeof robotOfHub>>;

before(async () => {
  [twin, fleet] = [await robotGateway(), await robotOfHub()];
});
after(async () => {
  await fleet.close();
  await twin.close();
});

/** Requests for the whole robot. */
const OF_ROBOT = [
  ...['/', '/version-info', '/areas', '/components', '/apps', '/functions', '/areas/shed', '/apps/lidar'],
  ...['/components/base/hosts', '/areas/shed/components', '/functions/pick/hosts', '/x-medkit-tree', '/apps?limit=1'],
  ...['/faults', '/faults?status=all', '/docs', '/apps/lidar/docs', '/updates', '/none'],
];

/** Returns a reply of the hub as the robot sent it: without the prefix of addresses and the names of client and hub. */
function asSent<T>(reply: T): T {
  const text = JSON.stringify(reply)
    .replaceAll(`"${PREFIX}/api/v1`, '"/api/v1')
    .replaceAll('hub:anonymous:', '')
    .replaceAll('"owner":"hub:hub.example",', '');
  return JSON.parse(text);
}

/** Returns a reply without the address of the gateway in its documentation, and without its cache header. */
const ofRobot = ({ headers: { 'cache-control': _cache, ...headers }, ...reply }: ReplyView): object =>
  JSON.parse(
    JSON.stringify(asSent({ ...reply, headers })).replaceAll(`"url":"${fleet.direct}/api/v1"`, '"url":"/api/v1"'),
  );

const faultsAt = (base: string) => followed(`${base}/api/v1/faults/stream`);

const withData = ({ events }: Awaited<ReturnType<typeof followed>>): object =>
  asSent(events.map(({ data, ...event }) => ({ ...event, data: JSON.parse(data) })));

describe('a client of a robot that uses the address of the hub instead', () => {
  it('receives the same replies for the whole robot', async () => {
    const differences: unknown[] = [];
    for (const path of OF_ROBOT) {
      const request = { method: 'GET', path } as const;
      const [direct, through] = [
        await replyTo(fleet.direct, '/api/v1', request, new Map()),
        await replyTo(fleet.through, '/api/v1', request, new Map()),
      ];
      try {
        assert.deepEqual(ofRobot(through), ofRobot(direct));
      } catch (error) {
        differences.push({ path, message: (error as Error).message });
      }
    }
    assert.deepEqual(differences, []);
  });

  it('receives the same events, with addresses of the hub', async () => {
    const [direct, through] = [await faultsAt(fleet.direct), await faultsAt(fleet.through)];
    for (const id of [1, 2, 3]) {
      const description = '/api/v1/apps/lidar';
      fleet.robot.runtime.announce(faultEvent(id, { fault: fault(`F${id}`, { sources: ['/lidar'], description }) }));
    }
    await eventually('the events', async () => direct.events.length === 3 && through.events.length === 3);
    assert.deepEqual(withData(through), withData(direct));
    assert.match(through.events[0]!.data, /"\/fleet\/amr-17\/api\/v1\/apps\/lidar"/);
    for (const client of [direct, through]) client.close();
  });

  for (const kind of Object.keys(REQUESTS) as EntityKind[]) {
    it(`receives the same replies for ${KIND_TERMS[kind].a}`, async () => {
      const [id, steps] = REQUESTS[kind];
      const of = `/api/v1/${KIND_TERMS[kind].collection}/${id}`;
      const saved = { direct: new Map<string, string>(), through: new Map<string, string>() };
      const differences: unknown[] = [];
      for (const each of steps) {
        const direct = await replyTo(twin.url, of, each, saved.direct);
        const through = await replyTo(fleet.through, of, each, saved.through);
        try {
          assert.deepEqual(asSent(through), direct);
        } catch (error) {
          differences.push({ name: `${each.method} ${each.path}`, message: (error as Error).message });
        }
      }
      assert.deepEqual(differences, []);
    });
  }
});
