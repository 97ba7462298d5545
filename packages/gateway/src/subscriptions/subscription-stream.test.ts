import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { SubscriptionViewer } from '@medkit/subscriptions';
import { EventStreams } from '../sse/event-streams.ts';
import { MemoryClient } from '../testing/memory-client.ts';
import { subscriptionStream } from './subscription-stream.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('a client that reads too slowly receives the newest event of a subscription, and is not cut off', async () => {
  const streams = new EventStreams({ clock: new SimulatedClock(), maxClients: 1 });
  let viewer: SubscriptionViewer | undefined;
  let left = 0;
  const stream = subscriptionStream(streams, (joining) => {
    viewer = joining;
    return () => left++;
  });
  const client = new MemoryClient();
  stream.begin(client.response);
  await turn();
  client.stopReading();
  for (let n = 1; n <= 1000; n++) {
    const payload = `${n} ${'x'.repeat(10_000)}`;
    viewer?.offer({ event: { timestamp: '', payload }, text: JSON.stringify(payload) });
    await turn();
  }
  assert.equal(stream.isOver, false);
  client.readNext();
  await turn();
  await turn();
  const numbers = [...client.text.matchAll(/^data: "(\d+) /gm)].map(([, number]) => Number(number));
  assert.equal(numbers.at(-1), 1000);
  assert.ok(numbers.length < 10, `${numbers.length} events`);
  viewer?.end();
  await turn();
  await turn();
  assert.deepEqual([stream.isOver, left], [true, 1]);
});
