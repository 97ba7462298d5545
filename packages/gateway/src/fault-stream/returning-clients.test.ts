import assert from 'node:assert/strict';
import { it } from 'node:test';
import { LOCAL } from '@medkit/core';
import { faultEvent, memoryFaults } from '@medkit/core/testing';
import { EventStreams } from '../sse/event-streams.ts';
import { MemoryClient } from '../testing/memory-client.ts';
import { testGateway } from '../testing/test-gateway.ts';
import { faultFeed } from './fault-feed.ts';

const CLIENTS = 1000;
const EVENTS = [1, 2, 3, 4, 5].map((number) => faultEvent(CLIENTS + number));

/** A gateway whose store answers the first read immediately, and the others when `release` is called. */
async function setUp() {
  const slow = Promise.withResolvers<void>();
  const figures = { reads: 0, underWay: 0, most: 0 };
  const onCall = async (method: string): Promise<void> => {
    if (method !== 'eventsAfter' || figures.reads++ === 0) return;
    figures.most = Math.max(figures.most, ++figures.underWay);
    await slow.promise;
    figures.underWay--;
  };
  const gateway = await testGateway({}, undefined, { faults: memoryFaults({ events: EVENTS, onCall }) });
  const streams = new EventStreams({ clock: gateway.clock, maxClients: CLIENTS });
  const feed = faultFeed(gateway.model, gateway.clock, streams);
  const follow = async (lastId: number): Promise<MemoryClient> => {
    const client = new MemoryClient();
    (await feed.open(new Map([[LOCAL, lastId]]))).begin(client.response);
    return client;
  };
  return { ...gateway, figures, follow, release: slow.resolve };
}

async function settle(): Promise<void> {
  for (let round = 0; round < 20; round++) await new Promise<void>((resolve) => setImmediate(resolve));
}

const idsIn = ({ text }: MemoryClient) => [...text.matchAll(/^id: (\d+)$/gm)].map(([, id]) => Number(id));

it('a thousand clients that reconnect at different events wait for a slow store, and other requests do not', async () => {
  const { app, figures, follow, release } = await setUp();
  const clients = await Promise.all(Array.from({ length: CLIENTS }, (_, at) => follow(at + 1)));
  await settle();
  assert.deepEqual([figures.underWay, clients.filter(({ isConnected }) => isConnected).length], [4, CLIENTS]);
  const other = await app.inject({ url: '/api/v1/faults', headers: { host: 'localhost' } });
  assert.equal(other.statusCode, 200, other.body);

  release();
  const wanted = EVENTS.map(({ id }) => id);
  for (let round = 0; round < 1000 && clients.some((client) => idsIn(client).length < wanted.length); round++)
    await settle();
  for (const client of clients) assert.deepEqual(idsIn(client), wanted);
  assert.deepEqual([figures.most, clients.filter(({ text }) => text.includes('disconnected')).length], [4, 0]);
});
