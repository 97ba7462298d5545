import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalNode, RosMessage, ServiceClient } from '@medkit/ros2';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const ADD = 'example_interfaces/srv/AddTwoInts';
const TRIGGER = 'std_srvs/srv/Trigger';
const MIRROR = 'medkit_test_msgs/srv/Mirror';
const IN_TIME = { timeoutMs: 10_000 };
/** Timeout of calls that are expected to fail. */
const SHORT = { timeoutMs: 500 };
const LEASE_MS = 2000;
/** Larger than any datagram. */
const LARGE_OCTETS = 300_000;
const COLD_CLIENTS = 10;

/** Content with which the peers fill a response. */
const filling = (count: number) =>
  Uint8Array.from({ length: count }, (_, index) => index * 31 + Math.floor(index / 251));

const add = async (client: ServiceClient, a: bigint, b: bigint) => (await client.call({ a, b }, IN_TIME))['sum'];

async function answers(node: LocalNode, service: string, type: string, request: RosMessage): Promise<RosMessage> {
  const client = await node.client(service, type);
  try {
    return await client.call(request, IN_TIME);
  } finally {
    await client.close();
  }
}

peerSuite('services that real DDS processes offer', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: it answers medkit’s calls of every kind exactly`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: [
          'node /robot/server',
          'service /robot/halt std_srvs/srv/Empty',
          `service /robot/home ${TRIGGER}`,
          'service /robot/light std_srvs/srv/SetBool',
          `service /robot/add ${ADD}`,
          `service /robot/mirror ${MIRROR}`,
        ],
      });
      assert.deepEqual(await answers(node, '/robot/halt', 'std_srvs/srv/Empty', {}), {});
      assert.deepEqual(await answers(node, '/robot/home', TRIGGER, {}), { success: true, message: 'triggered 1' });
      for (const data of [true, false]) {
        const reply = await answers(node, '/robot/light', 'std_srvs/srv/SetBool', { data });
        assert.deepEqual(reply, { success: data, message: data ? 'on' : 'off' });
      }
      const adder = await node.client('/robot/add', ADD);
      assert.equal(await add(adder, 9_007_199_254_740_993n, -5n), 9_007_199_254_740_988n);
      assert.equal(await add(adder, 2n ** 63n - 1n, 0n), 2n ** 63n - 1n);
      assert.equal(await add(adder, -(2n ** 63n), 0n), -(2n ** 63n));
      const texts = ['grüße', '', '机器人 🤖', '"\\\n'];
      const longs = BigInt64Array.of(-(2n ** 63n), 0n, 2n ** 63n - 1n);
      const request = { words: texts, longs, number: 2n ** 64n - 1n, filling_size: 5, filling: Uint8Array.of(1, 2, 3) };
      assert.deepEqual(await answers(node, '/robot/mirror', MIRROR, request), {
        words: texts.toReversed(),
        longs: longs.toReversed(),
        number: 2n ** 64n - 1n,
        received: 3,
        filling: filling(5),
      });
      peer.command('tally');
      for (const [name, requests] of [
        ['/robot/home', 1],
        ['/robot/light', 2],
        ['/robot/add', 3],
      ] as const) {
        const { malformed, ...served } = await peer.event('served', name);
        assert.deepEqual([served.requests, served.answered, malformed], [requests, requests, 0], name);
      }
    });

    test(`${vendor}: the first call of a new client is answered`, {
      timeout: 60_000,
    }, async () => {
      await using _peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /server', `service /add ${ADD} quiet`],
      });
      for (let round = 0; round < COLD_CLIENTS; round += 1) {
        await using adapter = await openAdapter({ domainId: DOMAIN });
        const node = await adapter.node({ name: 'caller' });
        const client = await node.client('/add', ADD);
        assert.equal(await add(client, BigInt(round), 1n), BigInt(round) + 1n);
      }
    });

    test(`${vendor}: twenty concurrent calls each get their response`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        // With the default history depth of ten, a busy server loses requests beyond it.
        commands: ['node /server', `service /add ${ADD} quiet keep_all`],
      });
      const client = await node.client('/add', ADD);
      const numbers = Array.from({ length: 20 }, (_, index) => BigInt(index));
      for (let round = 0; round < 10; round += 1) {
        const sums = await Promise.all(numbers.map((number) => add(client, number, 1n)));
        assert.deepEqual(
          sums,
          numbers.map((number) => number + 1n),
        );
      }
      peer.command('tally');
      assert.equal((await peer.event('served', '/add')).requests, 200);
    });

    test(`${vendor}: requests and responses in many fragments arrive whole`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      await using _peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /server', `service /mirror ${MIRROR}`],
      });
      const client = await node.client('/mirror', MIRROR);
      for (const octets of [LARGE_OCTETS, 0, LARGE_OCTETS]) {
        const request = { filling_size: LARGE_OCTETS, filling: new Uint8Array(octets) };
        const response = await client.call(request, IN_TIME);
        assert.equal(response['received'], octets);
        assert.deepEqual(response['filling'], filling(LARGE_OCTETS));
      }
    });

    test(`${vendor}: servers that hang, lag, answer garbage, die or leave are distinguished`, {
      timeout: 60_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: [
          'node /server',
          `service /hangs ${TRIGGER} hang`,
          `service /lags ${ADD} late=800`,
          `service /babbles ${TRIGGER} garbage`,
          `service /babbles_too ${ADD} garbage`,
          `service /leaves ${TRIGGER} hang`,
        ],
      });
      await using mortal = await startPeer({
        vendor,
        domainId: DOMAIN,
        leaseMs: LEASE_MS,
        commands: ['node /mortal', `service /dies ${TRIGGER} die`],
      });
      const hangs = await node.client('/hangs', TRIGGER);
      await until(async () => (await hangs.ready()) === 1);
      await assert.rejects(hangs.call({}, SHORT), { name: 'CallTimeout' });

      const lags = await node.client('/lags', ADD);
      await until(async () => (await lags.ready()) === 1);
      await assert.rejects(lags.call({ a: 1n }, SHORT), { name: 'CallTimeout' });
      // The late response to the aborted call must not be taken for this call's.
      assert.equal(await add(lags, 20n, 3n), 23n);

      const babbles = await node.client('/babbles', TRIGGER);
      await assert.rejects(babbles.call({}, IN_TIME), { name: 'MalformedMessage' });
      const babblesToo = await node.client('/babbles_too', ADD);
      await assert.rejects(babblesToo.call({}, IN_TIME), { name: 'MalformedMessage' });

      const leaves = await node.client('/leaves', TRIGGER);
      const leaving = assert.rejects(leaves.call({}, IN_TIME), { name: 'ServerLost' });
      await peer.event('request', '/leaves');
      peer.command('close /leaves');
      await leaving;
      await assert.rejects(leaves.call({}, SHORT), { name: 'ServiceUnavailable' });

      const dies = await node.client('/dies', TRIGGER);
      // Soon after its lease: a call that waits for its own timeout instead fails with CallTimeout.
      await assert.rejects(dies.call({}, { timeoutMs: 2 * LEASE_MS + 2000 }), { name: 'ServerLost' });
      await assert.rejects(mortal.event('bye'), /ended \(9\)/);
    });
  }

  test('of two servers with one name and different vendors each gets only requests in its own style', {
    timeout: 90_000,
  }, async () => {
    for (const [first, second] of [
      ['cyclone', 'fastdds'],
      ['fastdds', 'cyclone'],
    ] as const) {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'caller' });
      const commands = ['node /server', `service /add ${ADD} quiet`, `service /home ${TRIGGER} quiet`];
      await using one = await startPeer({ vendor: first, domainId: DOMAIN, commands });
      const clients = [await node.client('/add', ADD), await node.client('/home', TRIGGER)] as const;
      const call = async (index: number) => {
        assert.equal(await add(clients[0], BigInt(index), 1n), BigInt(index) + 1n);
        assert.equal((await clients[1].call({}, IN_TIME))['success'], true);
      };
      await call(0);
      await using other = await startPeer({ vendor: second, domainId: DOMAIN, commands });
      await until(async () => (await clients[0].ready()) === 2 && (await clients[1].ready()) === 2);
      for (let index = 1; index < 50; index += 1) await call(index);
      assert.equal(await one.quit(), 0);
      // The second server takes over when the first has left.
      for (let index = 50; index < 100; index += 1) await call(index);
      other.command('tally');
      let requests = 0;
      for (const name of ['/add', '/home']) {
        const served = await other.event('served', name);
        assert.equal(served.malformed, 0, `${second} ${name}`);
        assert.equal(served.requests, served.answered);
        requests += served.requests;
      }
      assert.ok(requests >= 100, `${requests} requests`);
      await assert.rejects(one.event('malformed', undefined, 1), /ended/);
    }
  });
});

const until = (holds: () => Promise<boolean>) => eventually('the servers are ready', holds);
