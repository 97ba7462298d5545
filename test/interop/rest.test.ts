import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { type Json, parseExactly, startGateway, writeExactly } from './gateway-process.ts';
import { type Peer, startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const LEASE_MS = 3000;
const WRITES = 4;
const types = [
  'medkit_test_msgs/msg/AllTypes',
  'std_msgs/msg/String',
  'geometry_msgs/msg/Twist',
  'sensor_msgs/msg/LaserScan',
  'sensor_msgs/msg/Image',
  'rcl_interfaces/msg/Log',
];
const topicOf = (type: string) => `/${type.split('/').at(-1)?.toLowerCase()}`;
const backOf = (type: string) => `${topicOf(type)}_back`;

/** Most JSON writers, medkit's included, have no -0. */
const withoutMinusZero = (value: unknown) => JSON.parse(JSON.stringify(value));

const hasApp = async (api: string, id: string) => (await fetch(`${api}/apps/${id}`)).ok;

/** Returns the peer's next value of a topic through REST: the first with another arrival time than the last. */
async function nextValue(api: string, topic: string, lastTime: unknown): Promise<{ data: unknown; time: unknown }> {
  return eventually(`a new value of ${topic}`, async () => {
    const { data, 'x-medkit': about } = parseExactly(await (await fetch(`${api}/apps/talker/data${topic}`)).text());
    const { timestamp, status } = about;
    return status === 'data' && timestamp !== lastTime ? { data, time: timestamp } : undefined;
  });
}

async function put(api: string, topic: string, body: unknown): Promise<void> {
  const answer = await fetch(`${api}/apps/talker/data${topic}`, {
    method: 'PUT',
    headers: { 'content-type': 'application/json' },
    body: writeExactly(body),
  });
  assert.equal(answer.status, 200, await answer.text());
}

async function thereAndBack(api: string, peer: Peer, type: string): Promise<void> {
  const topic = topicOf(type);
  let time: unknown;
  for (let write = 0; write < WRITES; write += 1) {
    peer.command(`write ${topic}`);
    const { value } = await peer.event('written', topic);
    const read = await nextValue(api, topic, time);
    time = read.time;
    // With the type and without it; under `data`, and under `value` as the web UI of the reference sends it.
    await put(api, backOf(type), write % 2 === 0 ? { type, data: read.data } : { value: read.data });
    const echo = await peer.event('sample', backOf(type));
    assert.deepEqual(withoutMinusZero(echo.value), withoutMinusZero(value), `${topic} number ${write}`);
  }
}

peerSuite('medkit up and real DDS processes, over REST', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: nodes and topics appear, values are read and written exactly, and exits are noticed`, {
      timeout: 90_000,
    }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN });
      const { api } = gateway;
      const commands = [
        'node /talker',
        ...types.flatMap((type) => [
          `pub ${topicOf(type)} ${type} keep_all transient_local`,
          `sub ${backOf(type)} ${type} keep_all`,
        ]),
        'node /robot/quiet_one',
      ];
      await using peer = await startPeer({ vendor, domainId: DOMAIN, leaseMs: LEASE_MS, commands });
      await eventually('both nodes', async () => (await hasApp(api, 'talker')) && (await hasApp(api, 'quiet_one')));

      const list = (await (await fetch(`${api}/apps/talker/data`)).json()) as { items: Json[] };
      const listed = list.items.map(({ id, 'x-medkit': about }) => [id, about.ros2]);
      const offered = types.flatMap((type) => [
        [topicOf(type), { topic: topicOf(type), direction: 'publish', type }],
        [backOf(type), { topic: backOf(type), direction: 'subscribe', type }],
      ]);
      const byId = (pairs: unknown[][]) => Object.fromEntries(pairs);
      assert.deepEqual(byId(listed), byId(offered));

      for (const type of types) await thereAndBack(api, peer, type);

      await peer.kill();
      const killedMs = performance.now();
      await eventually('the killed nodes leave', async () => !(await hasApp(api, 'talker')), LEASE_MS + 1000);
      assert.ok(performance.now() - killedMs > LEASE_MS / 2, 'not before its lease');

      await using second = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /talker'] });
      await eventually('the node again', async () => hasApp(api, 'talker'));
      await second.quit();
      await eventually('the node that said goodbye leaves', async () => !(await hasApp(api, 'talker')), 1000);
    });
  }
});
