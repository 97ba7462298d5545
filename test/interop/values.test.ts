import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RosMessage, TopicSample } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { comparable } from './comparable.ts';
import { openInbox } from './inbox.ts';
import { emptyAllTypes, everydayMessages, extremeAllTypes, randomAllTypes } from './messages.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { peerSuite } from './peer-suite.ts';
import { untilMatched } from './until-matched.ts';

const ALL_TYPES = 'medkit_test_msgs/msg/AllTypes';

const messages: Readonly<Record<string, readonly RosMessage[]>> = {
  [ALL_TYPES]: [emptyAllTypes, ...extremeAllTypes, ...Array.from({ length: 30 }, (_, seed) => randomAllTypes(seed))],
  ...Object.fromEntries(Object.entries(everydayMessages).map(([type, message]) => [type, [message]])),
};
const types = Object.keys(messages);
const topicOf = (type: string) => `/${type.split('/').at(-1)?.toLowerCase()}`;
const publishers = types.map((type) => `pub ${topicOf(type)} ${type} count=4 wait=1 keep_all transient_local`);
const subscriptions = types.map((type) => `sub ${topicOf(type)} ${type} keep_all`);

const peers = [
  { name: 'cyclone', vendor: 'cyclone' },
  { name: 'fastdds', vendor: 'fastdds' },
  { name: 'fastdds with its default transports', vendor: 'fastdds', discovery: 'shm' },
] as const;
const senders = [...peers, { name: 'fastdds, big-endian', vendor: 'fastdds', bigEndian: true }] as const;

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();

peerSuite('values of every type', {}, () => {
  for (const { name, ...options } of senders) {
    test(`${name}: its samples are read exactly`, { timeout: 30_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'reader' });
      const samples = openInbox<TopicSample>(({ topic, sequenceNumber }) => `${topic} ${sequenceNumber}`);
      for (const type of types) {
        await node.subscribe({
          topic: topicOf(type),
          type,
          qos: { reliability: 'reliable', durability: 'transient_local', history: 'keep_all' },
          onSample: samples.push,
        });
      }
      await using peer = await startPeer({
        ...options,
        domainId: DOMAIN,
        commands: ['node /sender', ...publishers],
      });
      for (const type of types) {
        const topic = topicOf(type);
        for (let count = 0; count < 4; count += 1) {
          const written = await peer.event('written', topic);
          const sample = await samples.take(`sample ${written.index} of ${topic}`, (each) => each.topic === topic);
          assert.equal(sample.type, type);
          assert.deepEqual(
            comparable(sample.message ?? {}),
            received(type, written.value),
            `${topic} number ${written.index}`,
          );
          assert.ok(sample.sourceSeconds > 0, `${topic} number ${written.index} has a source time`);
        }
      }
    });
  }

  for (const { name, ...options } of peers) {
    test(`${name}: it reads medkit’s samples exactly`, { timeout: 30_000 }, async () => {
      await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
      const node = await adapter.node({ name: 'writer' });
      await using peer = await startPeer({
        ...options,
        domainId: SECOND_DOMAIN,
        commands: ['node /listener', ...subscriptions],
      });
      for (const type of types) {
        const topic = topicOf(type);
        const publisher = await node.publisher(topic, type, { history: 'keep_all' });
        await peer.matched(topic);
        await untilMatched(publisher);
        for (const message of messages[type]!) await publisher.publish(message);
        for (const [index, message] of messages[type]!.entries()) {
          const { value } = await peer.event('sample', topic);
          assert.deepEqual(value, sent(type, message), `${topic} number ${index}`);
        }
        assert.equal(await publisher.acknowledged(5000), true);
      }
    });
  }
});

const EMPTY = 'std_msgs/msg/Empty';

/** An empty message has one byte on the wire that only the peers show. */
const received = (type: string, value: object) => (type === EMPTY ? {} : value);
const sent = (type: string, message: RosMessage) =>
  type === EMPTY ? { structure_needs_at_least_one_member: 0 } : comparable(message);
