import assert from 'node:assert/strict';
import { it } from 'node:test';
import { systemClock } from '@medkit/edges/node';
import { readEnvironment } from '../environment/environment.ts';
import { channelThread } from '../testing/channel-thread.ts';
import { describeRosAdapter } from '../testing/contract-suite.ts';
import { loopbackGraph, openInThisThread } from '../testing/loopback-graph.ts';
import { openWorkerRosAdapter } from './open-worker-ros-adapter.ts';
import { superviseAdapter } from './supervise-adapter.ts';
import { startAdapterThread } from './thread.ts';

const LOOPBACK_THREAD = new URL('../testing/loopback-thread.ts', import.meta.url);

// A different domain per case, so that hardly any case discovers endpoints of an earlier one.
let turn = 0;
const nextDomain = () => 90 + (turn++ % 9);

describeRosAdapter('in a worker thread, over UDP on loopback', async () =>
  loopbackGraph({
    domainId: nextDomain(),
    join: (join) => superviseAdapter({ start: () => startAdapterThread(LOOPBACK_THREAD), clock: systemClock, join }),
  }),
);

describeRosAdapter('over a message channel, and UDP on loopback', async () =>
  loopbackGraph({
    domainId: nextDomain(),
    join: (join) => superviseAdapter({ start: () => channelThread(openInThisThread), clock: systemClock, join }),
  }),
);

it('the published entry of the thread joins a graph, and leaves nothing behind when it is closed', async () => {
  const environment = readEnvironment({ ROS_DOMAIN_ID: '99', ROS_AUTOMATIC_DISCOVERY_RANGE: 'LOCALHOST' });
  const adapter = await openWorkerRosAdapter({ environment, clock: systemClock });
  assert.deepEqual((await adapter.facts()).interfaces, ['127.0.0.1']);
  assert.deepEqual(adapter.thread(), { running: true, ends: 0, lastReason: undefined });
  await adapter.close();
  await adapter.close();
  await assert.rejects(adapter.facts(), { name: 'AdapterUnavailable', message: 'the adapter is closed' });
});
