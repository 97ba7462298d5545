import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicSample } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { untilGraph } from './graph-watch.ts';
import { openInbox } from './inbox.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { vendors } from './peer-programs.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN = await reserveDomain();
/** No definition of it exists on this machine (test/peers/services/type-describer.cpp). */
const STRANGE = 'medkit_strange_msgs/msg/Reading';

peerSuite('types that only the nodes of real DDS processes know', {}, () => {
  for (const vendor of vendors) {
    test(`${vendor}: its node describes them, and their samples are read`, { timeout: 60_000 }, async () => {
      await using adapter = await openAdapter({ domainId: DOMAIN });
      const node = await adapter.node({ name: 'reader' });
      await using _peer = await startPeer({
        vendor,
        domainId: DOMAIN,
        commands: ['node /robot/sensor', 'describe /reading'],
      });
      await untilGraph(adapter, 'the sensor', ({ endpoints }) =>
        endpoints.some(({ name, node: of }) => name === '/reading' && of === '/robot/sensor'),
      );
      const samples = openInbox<TopicSample>(({ topic }) => topic);
      await node.subscribe({ topic: '/reading', onSample: samples.push });
      const { type, message } = await samples.take('the reading', () => true);
      assert.equal(type, STRANGE);
      assert.deepEqual(message, {
        label: 'grüße',
        values: Float64Array.of(0.5, -1e300),
        parts: [
          { id: 1, note: 'first' },
          { id: 2, note: '12345678' },
        ],
        count: 9_007_199_254_740_993n,
      });
      assert.equal((await adapter.describeType(STRANGE))?.source, 'described by /robot/sensor');
    });
  }
});
