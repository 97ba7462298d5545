import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { AddressInUse, type Thread } from '@medkit/edges';
import { systemClock } from '@medkit/edges/node';
import type { TopicSample } from '../adapter/adapter.ts';
import { readEnvironment } from '../environment/environment.ts';
import { channelThread } from '../testing/channel-thread.ts';
import { loopbackGraph, openInThisThread } from '../testing/loopback-graph.ts';
import { superviseAdapter, type WorkerRosAdapter } from './supervise-adapter.ts';
import { startAdapterThread } from './thread.ts';

const STRING = 'std_msgs/msg/String';
const ADD = 'example_interfaces/srv/AddTwoInts';
const LOOPBACK_THREAD = new URL('../testing/loopback-thread.ts', import.meta.url);

describe('an adapter whose thread ends', () => {
  for (const [kind, start] of [
    ['worker thread', () => startAdapterThread(LOOPBACK_THREAD)],
    ['message channel', () => channelThread(openInThisThread)],
  ] as const) {
    it(`fails, empties its graph, and recovers with everything that was open (${kind})`, async () => {
      let thread: Thread | undefined;
      let supervised: WorkerRosAdapter | undefined;
      const graph = loopbackGraph({
        domainId: kind === 'worker thread' ? 90 : 91,
        join: async (join) => {
          if (supervised) return openInThisThread(join);
          // A terminated thread sends no dispose: the robot drops it when its lease expires.
          const leaseMs = 2000;
          supervised = await superviseAdapter({
            start: () => (thread = start()),
            clock: systemClock,
            join: { ...join, leaseMs },
          });
          return supervised;
        },
      });
      try {
        const medkit = (await graph.join()) as WorkerRosAdapter;
        const robot = await graph.join();
        const samples: TopicSample[] = [];
        const nodes = new Set<string>();
        let generation = 0;
        medkit.onGraphChange((diff) => {
          assert.ok(diff.generation > generation);
          generation = diff.generation;
          for (const { fqn } of diff.nodes.added) nodes.add(fqn);
          for (const fqn of diff.nodes.removed) nodes.delete(fqn);
        });
        const out = await (await robot.node({ name: 'robot' })).publisher('/out', STRING);
        const node = await medkit.node({ name: 'medkit' });
        const publisher = await node.publisher('/in', STRING);
        const onSample = (sample: TopicSample) => void samples.push(sample);
        await node.subscribe({ topic: '/out', type: STRING, qos: {}, onSample });
        const closed = await node.subscribe({ topic: '/out', type: STRING, qos: {}, onSample });
        await graph.until(async () => nodes.has('/robot') && (await out.matched()) === 2, 'both see each other');
        const robotNode = await robot.node({ name: 'services' });
        let answers = false;
        const arrived = Promise.withResolvers<void>();
        await robotNode.service('/add', ADD, () => {
          arrived.resolve();
          return answers ? { sum: 7n } : new Promise(() => undefined);
        });
        const client = await node.client('/add', ADD);
        await node.service('/own', ADD, () => ({ sum: 8n }));
        await graph.until(async () => (await client.ready()) === 1, 'the service is ready');

        const underWay = publisher.acknowledged(60_000);
        const called = assert.rejects(client.call({}, { timeoutMs: 60_000 }), { name: 'CallLost' });
        // A call that was not sent yet is not lost.
        await arrived.promise;
        const waiting = medkit.graph();
        await thread?.end();
        await assert.rejects(waiting, {
          name: 'AdapterUnavailable',
          message: /^the DDS thread ended \(.+\) and is started/,
        });
        await underWay.catch(() => undefined);
        await called;
        await assert.rejects(client.call({}, { timeoutMs: 100 }), { name: 'AdapterUnavailable' });
        answers = true;
        assert.deepEqual([...nodes], []);
        assert.equal(medkit.thread().ends, 1);
        assert.equal(medkit.thread().running, false);
        await assert.rejects(medkit.facts(), { name: 'AdapterUnavailable' });
        await closed.close();

        await graph.until(() => medkit.thread().running, 'a new thread runs');
        await graph.until(() => nodes.has('/robot'), 'the robot is seen again');
        await graph.until(
          async () => (await robot.graph()).endpoints.filter(({ node: of }) => of === '/medkit').length === 6,
          'the robot sees what is still open, and no more',
        );
        await graph.until(async () => {
          await out.publish({ data: 'again' });
          return samples.length > 0;
        }, 'values flow again');
        assert.deepEqual(samples[0].message, { data: 'again' });
        await publisher.publish({ data: 'x' });
        assert.deepEqual(await client.call({}, { timeoutMs: 5000 }), { sum: 7n });
        const localClient = await robotNode.client('/own', ADD);
        assert.deepEqual(await localClient.call({}, { timeoutMs: 5000 }), { sum: 8n });
      } finally {
        await graph.close();
      }
    });
  }

  it('does not open if the first thread cannot join, and gives the reason', async () => {
    let starts = 0;
    const opening = superviseAdapter({
      clock: systemClock,
      join: { environment: readEnvironment({}) },
      start: () => {
        starts++;
        return channelThread(() => Promise.reject(new AddressInUse('UDP 0.0.0.0:7400 is taken')));
      },
    });
    await assert.rejects(opening, (error: Error) => {
      assert.ok(error instanceof AddressInUse);
      assert.equal(error.message, 'UDP 0.0.0.0:7400 is taken');
      return true;
    });
    assert.equal(starts, 1);
  });

  it('names the error that ended it', async () => {
    const thread = startAdapterThread(new URL('data:text/javascript,throw new RangeError("too far")'));
    assert.equal(await thread.ended, 'RangeError: too far');
  });
});
