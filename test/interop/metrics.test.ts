import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '../harness/eventually.ts';
import { reserveDomain } from '../harness/free-domain.ts';
import { startGateway } from './gateway-process.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
const SETTINGS = [
  'metrics.enabled=true',
  'metrics.values=["speed [metres_per_second] = /cmd_vel:/linear/x", "missing [metres] = /cmd_vel:/distance"]',
  'metrics.topics=["/cmd*"]',
];

peerSuite('metrics of topics that real DDS processes publish', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: have the value of a field and the count of messages, also after the publisher exits`, {
      timeout: 60_000,
    }, async () => {
      await using gateway = await startGateway({ domainId: DOMAIN, settings: SETTINGS });
      const series = async () => {
        const text = await (await fetch(new URL('/metrics', gateway.api))).text();
        return new Map(
          [...text.matchAll(/^(medkit_(?:value|topic_)\S+) (\S+)$/gm)].map(([, name, value]) => [name!, Number(value)]),
        );
      };
      const peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /driver', 'pub /cmd_vel geometry_msgs/msg/Twist rate=50 quiet'],
      });
      await eventually('a value and 50 messages', async () => {
        const now = await series();
        return (
          now.has('medkit_value_speed_metres_per_second') &&
          (now.get('medkit_topic_messages_total{topic="/cmd_vel"}') ?? 0) > 50
        );
      });
      await peer.quit();
      const last = await eventually('no more messages', async () => {
        const now = await series();
        return (now.get('medkit_topic_age_seconds{topic="/cmd_vel"}') ?? 0) > 0.5 && now;
      });
      assert.ok((last.get('medkit_value_speed_metres_per_second') ?? 0) > 0, 'the last value is young enough');
      assert.ok(!last.has('medkit_value_missing_metres'));
      const { body } = await gateway.ask('GET', '/health');
      assert.equal(body['x-medkit-data-provider'].watched_topics, 1, 'values and counts share a reader');
    });
  }
});
