import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RosAdapter } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { untilGraph } from './graph-watch.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

/** Maximum delay after its lease until the end of a silent participant is detected. */
const LEASE_GRACE_MS = 1000;

const talker = ['node /talker', 'pub /chatter std_msgs/msg/String rate=10 quiet'];

function untilTheTalkerIsThere(adapter: RosAdapter): Promise<true> {
  return untilGraph(
    adapter,
    'the talker',
    ({ nodes, endpoints }) => nodes.length === 1 && endpoints[0]?.node === '/talker',
  );
}

function untilNothingIsLeft(adapter: RosAdapter, withinMs: number): Promise<true> {
  const isEmpty = (list: readonly unknown[]) => list.length === 0;
  return untilGraph(
    adapter,
    'an empty graph',
    ({ participants, nodes, endpoints }) => [participants, nodes, endpoints].every(isEmpty),
    withinMs,
  );
}

// Most of these tests wait for the end of a lease, so they run concurrently, each in a separate domain.
peerSuite('the exit of real DDS processes', { concurrency: true }, () => {
  for (const vendor of vendors) {
    test(`${vendor}: a clean exit removes nodes and topics immediately`, { timeout: 30_000 }, async () => {
      const domainId = await reserveDomain();
      await using adapter = await openAdapter({ domainId });
      await using peer = await startPeer({ vendor, domainId, commands: talker });
      await untilTheTalkerIsThere(adapter);
      assert.equal(await peer.quit(), 0);
      await untilNothingIsLeft(adapter, 1000);
    });

    test(`${vendor}: a killed process is removed when its lease expires, not before`, { timeout: 30_000 }, async () => {
      const domainId = await reserveDomain();
      await using adapter = await openAdapter({ domainId });
      const leaseMs = 3000;
      await using peer = await startPeer({ vendor, domainId, leaseMs, commands: talker });
      await untilTheTalkerIsThere(adapter);
      await peer.kill();
      const killedMs = performance.now();
      await untilNothingIsLeft(adapter, leaseMs + LEASE_GRACE_MS);
      // It announces itself at least every third of its lease, and publishes all the time.
      assert.ok(performance.now() - killedMs > leaseMs / 2);
    });

    test(`${vendor}: a process that restarts after a kill is discovered again`, { timeout: 30_000 }, async () => {
      const domainId = await reserveDomain();
      await using adapter = await openAdapter({ domainId });
      await using first = await startPeer({ vendor, domainId, leaseMs: 3000, commands: talker });
      await untilTheTalkerIsThere(adapter);
      await first.kill();
      await using second = await startPeer({
        vendor,
        domainId,
        leaseMs: 3000,
        commands: talker,
      });
      const { gid } = await second.event('publisher', '/chatter');
      await untilGraph(adapter, 'only the second talker', ({ participants, nodes, endpoints }) => {
        const [endpoint] = endpoints;
        return (
          participants.length === 1 &&
          nodes.length === 1 &&
          endpoints.length === 1 &&
          endpoint?.gid === gid &&
          endpoint.node === '/talker'
        );
      });
    });

    test(`${vendor}: a clean exit of medkit is noticed immediately`, { timeout: 30_000 }, async () => {
      const domainId = await reserveDomain();
      await using peer = await startPeer({
        vendor,
        domainId,
        commands: ['node /listener', 'sub /status std_msgs/msg/String'],
      });
      {
        await using adapter = await openAdapter({ domainId });
        const node = await adapter.node({ name: 'gateway' });
        await node.publisher('/status', 'std_msgs/msg/String');
        await peer.matched('/status', 1);
      }
      await peer.matched('/status', 0, 1000);
    });
  }

  test('cyclone: with the default lease of ROS, ten seconds, a killed process is removed by then', {
    timeout: 40_000,
  }, async () => {
    const domainId = await reserveDomain();
    await using adapter = await openAdapter({ domainId });
    await using peer = await startPeer({ vendor: 'cyclone', domainId, commands: talker });
    await untilTheTalkerIsThere(adapter);
    await peer.kill();
    await untilNothingIsLeft(adapter, 10_000 + LEASE_GRACE_MS);
  });
});
