import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { TopicSample } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { comparable } from './comparable.ts';
import { openInbox } from './inbox.ts';
import { image } from './messages.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';
import { untilMatched } from './until-matched.ts';

const IMAGE = 'sensor_msgs/msg/Image';
const reliable = {
  reliability: 'reliable',
  durability: 'transient_local',
  history: 'keep_last',
  depth: 30,
} as const;

const loads = [
  { name: '64 KB', sizeBytes: 64 * 1024, count: 100, rateHz: 50 },
  { name: '1 MB', sizeBytes: 1024 * 1024, count: 15, rateHz: 10 },
] as const;

const BEST_EFFORT_COUNT = 30;
const BEST_EFFORT_PERIOD_MS = 50;

const DOMAIN = await reserveDomain();
const SECOND_DOMAIN = await reserveDomain();

peerSuite('samples of many fragments', { heavy: true }, () => {
  for (const vendor of vendors) {
    for (const { name, sizeBytes, count, rateHz } of loads) {
      test(`${vendor}: ${name} at ${rateHz} Hz arrive whole`, { timeout: 60_000 }, async () => {
        await using adapter = await openAdapter({ domainId: DOMAIN });
        const node = await adapter.node({ name: 'viewer' });
        const samples = openInbox<TopicSample>(({ sequenceNumber }) => String(sequenceNumber));
        await node.subscribe({ topic: '/image', type: IMAGE, qos: reliable, onSample: samples.push });
        await using peer = await startPeer({
          vendor,
          domainId: DOMAIN,
          commands: [
            'node /camera',
            `pub /image ${IMAGE} size=${sizeBytes} count=${count} rate=${rateHz} wait=1 transient_local depth=30`,
          ],
        });
        for (let index = 0; index < count; index += 1) {
          const { value } = await peer.event('written', '/image');
          const { message } = await samples.take(`image ${index}`, () => true);
          assert.deepEqual(comparable(message ?? {}), value);
        }
      });

      test(`${vendor}: it receives medkit’s ${name} whole`, { timeout: 60_000 }, async () => {
        await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
        const node = await adapter.node({ name: 'camera' });
        const publisher = await node.publisher('/image', IMAGE, reliable);
        await using peer = await startPeer({
          vendor,
          domainId: SECOND_DOMAIN,
          commands: ['node /viewer', `sub /image ${IMAGE} keep_all`],
        });
        await peer.matched('/image');
        await untilMatched(publisher);
        const message = image(sizeBytes);
        const expected = comparable(message);
        for (let index = 0; index < 10; index += 1) {
          await publisher.publish(message);
          assert.deepEqual((await peer.event('sample', '/image')).value, expected);
        }
        assert.equal(await publisher.acknowledged(5000), true);
      });
    }

    // Its receive buffer is the system's default, 208 KiB on a stock Linux: a fifth of one sample.
    test(`${vendor}: it receives most of medkit’s best-effort samples of 1 MB`, { timeout: 30_000 }, async () => {
      await using adapter = await openAdapter({ domainId: SECOND_DOMAIN });
      const node = await adapter.node({ name: 'camera' });
      const publisher = await node.publisher('/image', IMAGE, { reliability: 'best_effort' });
      await using peer = await startPeer({
        vendor,
        domainId: SECOND_DOMAIN,
        commands: ['node /viewer', `sub /image ${IMAGE} best_effort keep_all quiet`],
      });
      await peer.matched('/image');
      await untilMatched(publisher);
      const message = image(1024 * 1024);
      for (let index = 0; index < BEST_EFFORT_COUNT; index += 1) {
        await publisher.publish(message);
        await delay(BEST_EFFORT_PERIOD_MS);
      }
      peer.command('tally');
      const { count } = await peer.event('tally', '/image');
      assert.ok(count > BEST_EFFORT_COUNT / 2, `${count} of ${BEST_EFFORT_COUNT}`);
    });
  }
});
