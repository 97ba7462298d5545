import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const STRING = 'std_msgs/msg/String';

/** QoS policy ids of DDS 1.4, 2.2.3. */
const DURABILITY = 2;
const RELIABILITY = 11;

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();

peerSuite('endpoints with incompatible QoS', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: both sides report a subscription of medkit that requests too much`, {
      timeout: 30_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'reader' });
      await node.subscribe({
        topic: '/scan',
        type: STRING,
        qos: { reliability: 'reliable' },
        onSample: () => undefined,
      });
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /lidar', `pub /scan ${STRING} best_effort`],
      });
      assert.equal((await peer.event('incompatible', '/scan')).policy, RELIABILITY);
      const found = await eventually('the report', async () => {
        const { incompatible } = await adapter.facts();
        return incompatible.find(({ topic, remoteNode }) => topic === '/scan' && remoteNode === '/lidar');
      });
      assert.deepEqual(found.policies, ['reliability']);
    });

    test(`${vendor}: both sides report a publisher of medkit that offers too little`, { timeout: 30_000 }, async () => {
      await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
      const node = await adapter.node({ name: 'writer' });
      await node.publisher('/map', STRING, { durability: 'volatile' });
      await using peer = await startPeer({
        vendor,
        domainId: SECOND_DOMAIN,
        commands: ['node /planner', `sub /map ${STRING} transient_local`],
      });
      assert.equal((await peer.event('incompatible', '/map')).policy, DURABILITY);
      const found = await eventually('the report', async () => {
        const { incompatible } = await adapter.facts();
        return incompatible.find(({ topic, remoteNode }) => topic === '/map' && remoteNode === '/planner');
      });
      assert.deepEqual(found.policies, ['durability']);
    });

    test(`${vendor}: a subscription that adopts the offered QoS matches a best-effort publisher`, {
      timeout: 30_000,
    }, async () => {
      await using peer = await startPeer({
        vendor,
        domainId: SECOND_DOMAIN,
        commands: ['node /lidar', `pub /scan ${STRING} best_effort rate=20 quiet`],
      });
      await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
      const node = await adapter.node({ name: 'reader' });
      const arrived = Promise.withResolvers<void>();
      await eventually('the topic', async () => (await adapter.graph()).endpoints.some(({ name }) => name === '/scan'));
      const subscription = await node.subscribe({ topic: '/scan', onSample: () => arrived.resolve() });
      await peer.matched('/scan');
      await arrived.promise;
      assert.equal(subscription.type, STRING);
      assert.equal(subscription.qos.reliability, 'best_effort');
    });
  }
});
