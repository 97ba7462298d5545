import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicSample } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { openInbox } from './inbox.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';
import { untilMatched } from './until-matched.ts';

const STRING = 'std_msgs/msg/String';
const latched = { reliability: 'reliable', durability: 'transient_local', history: 'keep_last', depth: 5 } as const;

const openSamples = () => openInbox<TopicSample>(({ message }) => JSON.stringify(message));
const hello = (index: number) => ({ data: `Hello World: ${index}` });

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();
const THIRD_DOMAIN = await reserveDomain();
const FOURTH_DOMAIN = await reserveDomain();

peerSuite('history and writers of a topic', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: a late subscription of medkit gets the stored samples of a latched topic, of a volatile one only new samples`, {
      timeout: 30_000,
    }, async () => {
      await using peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /talker', `pub /latched ${STRING} transient_local depth=5 count=8`],
      });
      await peer.event('finished', '/latched', 20_000);
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'late' });
      const stored = openSamples();
      const fresh = openSamples();
      await node.subscribe({ topic: '/latched', type: STRING, qos: latched, onSample: stored.push });
      await node.subscribe({
        topic: '/latched',
        type: STRING,
        qos: { ...latched, durability: 'volatile' },
        onSample: fresh.push,
      });
      for (let index = 3; index < 8; index += 1) {
        assert.deepEqual((await stored.take(`sample ${index}`, () => true)).message, hello(index));
      }
      await peer.matched('/latched', 2);
      peer.command('write /latched 42');
      assert.deepEqual((await stored.take('the new sample', () => true)).message, hello(42));
      assert.deepEqual((await fresh.take('the new sample', () => true)).message, hello(42));
    });

    test(`${vendor}: its late subscription gets the stored samples of medkit’s latched topic`, {
      timeout: 30_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
      const node = await adapter.node({ name: 'talker' });
      const publisher = await node.publisher('/latched', STRING, latched);
      for (let index = 0; index < 8; index += 1) await publisher.publish(hello(index));
      await using peer = await startPeer({
        vendor,
        domainId: SECOND_DOMAIN,
        commands: ['node /late', `sub /latched ${STRING} transient_local depth=5`],
      });
      for (let index = 3; index < 8; index += 1) {
        assert.deepEqual((await peer.event('sample', '/latched')).value, hello(index));
      }
      await publisher.publish(hello(42));
      assert.deepEqual((await peer.event('sample', '/latched')).value, hello(42));
      assert.equal(await publisher.acknowledged(5000), true);
    });

    for (const durability of ['volatile', 'transient_local'] as const) {
      test(`${vendor}: samples that it publishes while it discovers medkit’s ${durability} subscription arrive within a second`, {
        timeout: 30_000,
      }, async () => {
        await using adapter = await openAdapter({ domainId: THIRD_DOMAIN });
        const node = await adapter.node({ name: 'reader' });
        const samples = openSamples();
        const topics = ['/one', '/two', '/three', '/four', '/five'];
        for (const topic of topics) {
          const qos = { reliability: 'reliable', durability } as const;
          await node.subscribe({ topic, type: STRING, qos, onSample: samples.push });
        }
        const option = durability === 'volatile' ? '' : durability;
        await using peer = await startPeer({
          vendor,
          domainId: THIRD_DOMAIN,
          commands: ['node /talker', ...topics.map((topic) => `pub ${topic} ${STRING} count=4 wait=1 ${option}`)],
        });
        for (const topic of topics) await peer.event('written', topic);
        const deadlineMs = performance.now() + 1000;
        for (const topic of topics) {
          for (let index = 0; index < 4; index += 1) {
            const leftMs = deadlineMs - performance.now();
            const sample = await samples.take(`sample ${index} of ${topic}`, (each) => each.topic === topic, leftMs);
            assert.deepEqual(sample.message, hello(index));
          }
        }
      });
    }

    test(`${vendor}: several publishers of one topic in one process keep their own order`, {
      timeout: 30_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: FOURTH_DOMAIN });
      const node = await adapter.node({ name: 'reader' });
      const samples = openSamples();
      await node.subscribe({
        topic: '/busy',
        type: STRING,
        qos: { ...latched, history: 'keep_all' },
        onSample: samples.push,
      });
      const perWriter = 200;
      const publish = `pub /busy ${STRING} count=${perWriter} rate=500 wait=1 transient_local keep_all quiet`;
      await using _first = await startPeer({
        vendor,
        domainId: FOURTH_DOMAIN,
        commands: ['node /a', publish, 'node /b', publish],
      });
      await using _second = await startPeer({
        vendor: 'cyclone',
        domainId: FOURTH_DOMAIN,
        commands: ['node /c', publish],
      });
      const counts = new Map<string, number>();
      for (let taken = 0; taken < 3 * perWriter; taken += 1) {
        const { gid, message } = await samples.take('the next sample', () => true);
        const index = counts.get(gid) ?? 0;
        assert.deepEqual(message, hello(index));
        counts.set(gid, index + 1);
      }
      assert.deepEqual([...counts.values()], [perWriter, perWriter, perWriter]);
    });

    test(`${vendor}: two of its subscriptions of one topic both get medkit’s samples`, {
      timeout: 30_000,
    }, async () => {
      await using adapter = await openAdapter({ domainId: FOURTH_DOMAIN });
      const node = await adapter.node({ name: 'writer' });
      const publisher = await node.publisher('/shared', STRING);
      await using peer = await startPeer({
        vendor,
        domainId: FOURTH_DOMAIN,
        commands: ['node /a', `sub /shared ${STRING}`, 'node /b', `sub /shared ${STRING} best_effort`],
      });
      await peer.matched('/shared');
      await peer.matched('/shared');
      await untilMatched(publisher, 2);
      await publisher.publish(hello(1));
      assert.deepEqual((await peer.event('sample', '/shared')).value, hello(1));
      assert.deepEqual((await peer.event('sample', '/shared')).value, hello(1));
    });
  }
});
