import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { LocalNode, ServiceHandler } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { openAdapter } from './open-adapter.ts';
import { type Peer, startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const ADD = 'example_interfaces/srv/AddTwoInts';
const TRIGGER = 'std_srvs/srv/Trigger';
const MIRROR = 'medkit_test_msgs/srv/Mirror';
const CALLS = 2000;
/** Larger than any datagram. */
const LARGE_OCTETS = 300_000;

/** More than the queue of a client holds, which is ten. */
const PARALLEL = 16;

const add: ServiceHandler = ({ a, b }) => ({ sum: (a as bigint) + (b as bigint) });

const mirror: ServiceHandler = ({ words, longs, number, filling_size, filling }) => ({
  words: (words as readonly string[]).toReversed(),
  longs: (longs as BigInt64Array).toReversed(),
  number: number as bigint,
  received: (filling as Uint8Array).length,
  filling: new Uint8Array(filling_size as number),
});

async function offerAll(node: LocalNode): Promise<void> {
  let triggers = 0;
  await node.service('/halt', 'std_srvs/srv/Empty', () => ({}));
  await node.service('/home', TRIGGER, () => {
    triggers += 1;
    return { success: true, message: `triggered ${triggers}` };
  });
  await node.service('/add', ADD, add);
  await node.service('/mirror', MIRROR, mirror);
}

/** Returns the response that a peer receives to its call. */
async function call(peer: Peer, service: string, request: string): Promise<unknown> {
  peer.command(`call ${service} ${request}`);
  return (await peer.event('answer', service)).value;
}

peerSuite('services that medkit offers to real DDS processes', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: it receives exact answers to calls of every kind`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      await offerAll(await adapter.node({ name: 'server' }));
      await using peer = await startPeer({ vendor, domainId: DOMAIN, commands: ['node /caller'] });
      assert.deepEqual(await call(peer, '/halt', 'std_srvs/srv/Empty'), {});
      assert.deepEqual(await call(peer, '/home', TRIGGER), { success: true, message: 'triggered 1' });
      assert.deepEqual(await call(peer, '/home', TRIGGER), { success: true, message: 'triggered 2' });
      assert.deepEqual(await call(peer, '/add', `${ADD} 9007199254740993 -5`), { sum: '9007199254740988' });
      assert.deepEqual(await call(peer, '/mirror', `${MIRROR} 9007199254740993 ${LARGE_OCTETS} grüße 机器人`), {
        words: ['机器人', 'grüße'],
        longs: [String(2n ** 63n - 1n), '-1', String(-(2n ** 63n))],
        number: '9007199254740993',
        received: 3,
        filling: LARGE_OCTETS,
      });
    });

    test(`${vendor}: the first call of each of many clients is answered`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      await offerAll(await adapter.node({ name: 'server' }));
      for (let round = 0; round < 5; round += 1) {
        const commands = ['node /caller', `call /add ${ADD} ${round} 1`, `call /home ${TRIGGER}`];
        await using peer = await startPeer({ vendor, domainId: DOMAIN, commands });
        assert.deepEqual((await peer.event('answer', '/add')).value, { sum: String(round + 1) });
        assert.equal((await peer.event('answer', '/home')).value['success'], true);
      }
    });

    for (const parallel of [1, 10]) {
      test(`${vendor}: ${CALLS} calls, ${parallel} at a time, are all answered`, { timeout: 60_000 }, async () => {
        await using adapter = await openAdapter({ domainId: DOMAIN });
        await offerAll(await adapter.node({ name: 'server' }));
        await using peer = await startPeer({
          vendor,
          domainId: DOMAIN,
          commands: ['node /caller', `call /add ${ADD} 1 2 count=${CALLS} parallel=${parallel} quiet`],
        });
        const { answered, lost } = await peer.event('called', '/add', 30_000);
        assert.deepEqual([answered, lost], [CALLS, 0]);
      });
    }

    test(`${vendor}: sixteen concurrent calls lose no answer, though its queue holds ten and it reads late`, {
      timeout: 60_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'server' });
      // It calls alone once. The sixteen that follow are answered when all have arrived: a client that pauses within
      // its first burst, as on a busy machine, looks like a client that has read an answer and calls again.
      const burst = Promise.withResolvers<void>();
      let arrived = 0;
      await node.service('/add', ADD, async (request) => {
        arrived += 1;
        if (arrived === 1 + PARALLEL) burst.resolve();
        if (arrived > 1) await burst.promise;
        return add(request);
      });
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /caller', `call /add ${ADD} 1 2 count=321 parallel=${PARALLEL} nap=10 quiet`],
      });
      const { answered, lost } = await peer.event('called', '/add', 30_000);
      assert.deepEqual([answered, lost], [321, 0]);
    });

    for (const napMs of [60, 200]) {
      test(`${vendor}: 32 pending calls at a time lose no answer, though it pauses reading for ${napMs} ms at a time`, {
        timeout: 60_000,
      }, async () => {
        await using adapter = await openAdapter({ domainId: DOMAIN });
        const node = await adapter.node({ name: 'server' });
        await node.service('/add', ADD, add);
        await using peer = await startPeer({
          vendor,
          domainId: DOMAIN,
          commands: ['node /caller', `call /add ${ADD} 1 2 count=200 parallel=32 nap=${napMs} quiet`],
        });
        const { answered, lost } = await peer.event('called', '/add', 40_000);
        assert.deepEqual([answered, lost], [200, 0]);
      });
    }

    test(`${vendor}: it gets no answer if the handler of medkit throws`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'server' });
      await node.service('/throws', TRIGGER, () => {
        throw new Error('as it should');
      });
      await node.service('/add', ADD, add);
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /caller', `call /throws ${TRIGGER} timeout=1000`],
      });
      const { answered, lost } = await peer.event('called', '/throws');
      assert.deepEqual([answered, lost], [0, 1]);
      assert.equal((await adapter.facts()).dropped['failed-request'], 1);
      assert.deepEqual(await call(peer, '/add', `${ADD} 1 2`), { sum: '3' });
    });
  }

  test('concurrent clients of both vendors are each answered in their own style', { timeout: 60_000 }, async () => {
    await using adapter = await openAdapter({ domainId: DOMAIN });
    await offerAll(await adapter.node({ name: 'server' }));
    const commands = [
      'node /caller',
      `call /add ${ADD} 1 2 count=${CALLS} quiet`,
      `call /mirror ${MIRROR} 1 70000 a count=200 quiet`,
    ];
    await using one = await startPeer({ vendor: 'cyclone', domainId: DOMAIN, commands });
    await using other = await startPeer({ vendor: 'fastdds', domainId: DOMAIN, commands });
    for (const peer of [one, other]) {
      for (const [name, count] of [
        ['/add', CALLS],
        ['/mirror', 200],
      ] as const) {
        const { answered, lost } = await peer.event('called', name, 30_000);
        assert.deepEqual([answered, lost], [count, 0], `${peer.vendor} ${name}`);
      }
      assert.equal(await peer.quit(), 0);
      await assert.rejects(peer.event('malformed', undefined, 1), /ended/);
    }
  });
});
