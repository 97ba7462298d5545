import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { udpDatagrams } from '@medkit/edges/node';
import type { TopicSample } from '@medkit/ros2';
import { comparable } from './comparable.ts';
import { openInbox } from './inbox.ts';
import { lossyDatagrams } from './lossy-datagrams.ts';
import { everydayMessages, image } from './messages.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';
import { untilMatched } from './until-matched.ts';

const LOSS = 0.05;
const qos = { reliability: 'reliable', durability: 'transient_local', history: 'keep_last', depth: 2000 } as const;

const loads = [
  { name: '1000 strings', type: 'std_msgs/msg/String', options: 'count=1000 rate=1000', count: 1000 },
  { name: '40 images of 64 KB', type: 'sensor_msgs/msg/Image', options: 'count=40 rate=40 size=65536', count: 40 },
] as const;

peerSuite('a link that loses one datagram in twenty', {}, () => {
  for (const vendor of vendors) {
    for (const { name, type, options, count } of loads) {
      const lossy = () => lossyDatagrams(udpDatagrams, seededRandom(7), LOSS);

      test(`${vendor}: ${name} reach us whole and in order`, { timeout: 60_000 }, async () => {
        await using adapter = await openAdapter({ domainId: 57, datagrams: lossy() });
        const node = await adapter.node({ name: 'reader' });
        const samples = openInbox<TopicSample>(({ sequenceNumber }) => String(sequenceNumber));
        await node.subscribe({ topic: '/load', type, qos, onSample: samples.push });
        await using peer = await startPeer({
          vendor,
          domainId: 57,
          commands: ['node /sender', `pub /load ${type} ${options} wait=1 transient_local depth=2000`],
        });
        for (let index = 0; index < count; index += 1) {
          const { value } = await peer.event('written', '/load');
          const { message } = await samples.take(`sample ${index}`, () => true);
          assert.deepEqual(comparable(message ?? {}), value);
        }
      });

      test(`${vendor}: ${name} of ours arrive there`, { timeout: 60_000 }, async () => {
        await using adapter = await openAdapter({ domainId: 57, datagrams: lossy() });
        const node = await adapter.node({ name: 'writer' });
        const publisher = await node.publisher('/load', type, qos);
        await using peer = await startPeer({
          vendor,
          domainId: 57,
          // A volatile reader of Cyclone DDS gives up what was written before the first heartbeat it hears, and one may be lost.
          commands: ['node /receiver', `sub /load ${type} keep_all transient_local`],
        });
        await peer.matched('/load');
        await untilMatched(publisher);
        const message = type === 'sensor_msgs/msg/Image' ? image(65536) : everydayMessages[type]!;
        const expected = comparable(message);
        for (let index = 0; index < count; index += 1) await publisher.publish(message);
        for (let index = 0; index < count; index += 1) {
          assert.deepEqual((await peer.event('sample', '/load')).value, expected);
        }
        assert.equal(await publisher.acknowledged(10_000), true);
      });
    }
  }
});
