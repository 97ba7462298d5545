import assert from 'node:assert/strict';
import { test } from 'node:test';
import { seededRandom } from '@medkit/edges';
import { systemClock, udpDatagrams } from '@medkit/edges/node';
import type { TopicSample } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { comparable } from './comparable.ts';
import { openInbox } from './inbox.ts';
import { lossyDatagrams } from './lossy-datagrams.ts';
import { everydayMessages, image } from './messages.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';
import { untilMatched } from './until-matched.ts';

/** Probability per datagram, sent and received: on such a link TCP would almost stall. */
const TROUBLE = { loss: 0.2, duplication: 0.2, reordering: 0.2, reorderMs: 5 };
/** Limit of discovery and samples together: a reader that waits for a repair that never arrives is stuck, not slow. */
const LIMIT_MS = 15_000;
const qos = { reliability: 'reliable', durability: 'transient_local', history: 'keep_last', depth: 2000 } as const;

const loads = [
  { name: '1000 strings', type: 'std_msgs/msg/String', options: 'count=1000 rate=1000', count: 1000 },
  { name: '25 images of 64 KB', type: 'sensor_msgs/msg/Image', options: 'count=25 rate=25 size=65536', count: 25 },
] as const;

const DOMAIN = await reserveDomain();

peerSuite('a link that loses, repeats and holds back one datagram in five each', { heavy: true }, () => {
  for (const vendor of vendors) {
    for (const { name, type, options, count } of loads) {
      const datagrams = () => lossyDatagrams(udpDatagrams, { ...TROUBLE, random: seededRandom(7), clock: systemClock });

      test(`${vendor}: ${name} reach medkit whole and in order`, { timeout: LIMIT_MS }, async () => {
        await using adapter = await openAdapter({ domainId: DOMAIN, datagrams: datagrams() });
        const node = await adapter.node({ name: 'reader' });
        const samples = openInbox<TopicSample>(({ sequenceNumber }) => String(sequenceNumber));
        await node.subscribe({ topic: '/load', type, qos, onSample: samples.push });
        await using peer = await startPeer({
          vendor,
          domainId: DOMAIN,
          commands: ['node /sender', `pub /load ${type} ${options} wait=1 transient_local depth=2000`],
        });
        for (let index = 0; index < count; index += 1) {
          const { value } = await peer.event('written', '/load');
          const { message } = await samples.take(`sample ${index}`, () => true);
          assert.deepEqual(comparable(message ?? {}), value);
        }
      });

      test(`${vendor}: ${name} of medkit arrive there`, { timeout: LIMIT_MS }, async () => {
        await using adapter = await openAdapter({ domainId: DOMAIN, datagrams: datagrams() });
        const node = await adapter.node({ name: 'writer' });
        const publisher = await node.publisher('/load', type, qos);
        await using peer = await startPeer({
          vendor,
          domainId: DOMAIN,
          // A volatile reader of Cyclone DDS skips samples written before the first heartbeat that it receives; a
          // heartbeat may be lost.
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
