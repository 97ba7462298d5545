import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { type ForwardRequest, openModel } from '@medkit/core';
import { app, memoryRuntime } from '@medkit/core/testing';
import { SimulatedClock } from '@medkit/edges/testing';
import { placesOf } from '@medkit/entities';
import type { Exchange } from '../../http/exchange.ts';
import { ForwardedReply } from '../../http/forwarded-reply.ts';
import { EventStream } from '../../sse/event-stream.ts';
import { EventStreams } from '../../sse/event-streams.ts';
import { MemoryClient } from '../../testing/memory-client.ts';
import { forwardedEvents } from './forwarded-events.ts';

/** A gateway with an app `lidar` and one of a peer, whose stream the test controls. */
async function setUp({ status = 200, maxClients = 10, isLetIn = (): boolean => true } = {}) {
  const endOf = () => (isLetIn() ? undefined : 'revoked');
  const clock = new SimulatedClock();
  const parts: (string | Error)[] = [];
  const counts = { read: 0, closed: 0 };
  const requests: ForwardRequest[] = [];
  let isClosed = false;
  let wake = (): void => undefined;
  async function* body(): AsyncGenerator<Uint8Array> {
    while (!isClosed) {
      const part = parts.shift();
      if (part instanceof Error) throw part;
      if (part === 'end') return;
      if (part === undefined) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
        continue;
      }
      counts.read++;
      yield Buffer.from(part);
    }
    throw new Error('closed');
  }
  const peer = memoryRuntime({
    name: 'yard',
    origin: 'yard',
    apps: [app('lidar', { address: { runtime: 'yard', nativeId: 'apps/lidar' } })],
    providers: {
      forwarding: {
        send: async (_nativeId, request) => {
          requests.push(request);
          const headers = { 'content-type': 'text/event-stream' };
          const close = (): void => {
            if (!isClosed) counts.closed++;
            isClosed = true;
            wake();
          };
          return { status, headers, body: body(), close };
        },
      },
    },
  });
  const runtime = memoryRuntime({ apps: [app('lidar', { address: { runtime: 'memory', nativeId: '/lidar' } })] });
  const model = await openModel({ runtimes: [runtime, peer], clock, log: () => undefined, gateway: 'head' });
  const streams = new EventStreams({ clock, maxClients, endOf });
  const entity = model.tree.resolve('app', 'yard__lidar');
  const [place] = entity ? placesOf(model, entity, 'forwarding') : [];
  assert.ok(place);
  const signal = new AbortController().signal;
  const call = { deadlineMs: 9000, clientId: '', principal: {}, via: [], trace: undefined, signal, isAbandoned: false };
  const exchange = {
    body: undefined,
    forwarded: () => ({ method: 'GET', query: '', headers: { 'last-event-id': '7' } }),
    call: () => call,
  } as unknown as Exchange;
  const open = () =>
    forwardedEvents({ model, streams, clock }, place, { exchange, path: '/triggers/1/events', timeoutMs: 9000 }).open(
      undefined,
    );
  const follow = async () => {
    const stream = await open();
    assert.ok(stream instanceof EventStream);
    const client = new MemoryClient();
    stream.begin(client.response, { principal: call.principal, credential: {}, need: 'read' } as never);
    await settle();
    return { stream, client };
  };
  const say = async (...more: readonly (string | Error)[]): Promise<void> => {
    parts.push(...more);
    wake();
    await settle();
  };
  const clients = () => streams.health().blocks['x-medkit-event-streams']?.['clients'];
  return { clock, streams, counts, requests, open, follow, say, clients };
}

async function settle(): Promise<void> {
  for (let turns = 0; turns < 30; turns++) await setImmediate();
}

describe('a stream of an entity of another gateway', () => {
  it('has the events of the other gateway with their ids, its comments, and the entity ids of this gateway', async () => {
    const { follow, say, requests } = await setUp();
    const { client } = await follow();
    assert.equal(requests[0]?.headers['last-event-id'], '7');
    await say(
      ':connected\n\n:3 events are no longer stored\n\n',
      'id: 9\nevent: x\ndata: {"entity_id":"lidar","source":"/api/v1/apps/lidar/faults","big":9007199254740993}\n\n',
      ':keepalive\n\ndata: two\ndata: lines\n\n',
    );
    assert.equal(
      client.text,
      ':connected\n\n:3 events are no longer stored\n\n' +
        'id: 9\nevent: x\ndata: {"entity_id":"yard__lidar","source":"/api/v1/apps/yard__lidar/faults","big":9007199254740993}\n\n' +
        'id: 9\ndata: two\ndata: lines\n\n',
    );
  });

  it('counts towards the limit of streams of this gateway, and ends with its client', async () => {
    const { follow, open, clients, counts } = await setUp({ maxClients: 1 });
    const { client } = await follow();
    assert.equal(clients(), 1);
    await assert.rejects(open(), /There are already 1 event streams/);
    client.leave();
    await settle();
    assert.deepEqual([clients(), counts.closed], [0, 1]);
  });

  it('ends if its client loses access, and if the gateway closes', async () => {
    let mayRead = true;
    const revoked = await setUp({ isLetIn: () => mayRead });
    const first = await revoked.follow();
    mayRead = false;
    revoked.streams.judge();
    await settle();
    assert.match(first.client.text, /^event: x-medkit-auth$/m);
    assert.deepEqual([revoked.clients(), revoked.counts.closed], [0, 1]);
    const closing = await setUp();
    const second = await closing.follow();
    closing.streams.close();
    await settle();
    assert.deepEqual([second.client.isConnected, closing.clients(), closing.counts.closed], [false, 0, 1]);
  });

  it('is cut off if the other gateway rejects this gateway, and the client is not revoked', async () => {
    const { follow, say } = await setUp();
    const { client, stream } = await follow();
    await say('event: x-medkit-auth\ndata: {"reason":"revoked","retry":false}\n\n', 'end');
    const comment =
      ':disconnected: yard no longer accepts the credential of this gateway; reconnect with Last-Event-ID\n\n';
    assert.deepEqual([client.text, stream.isCutOff, stream.isRevoked], [`:connected\n\n${comment}`, true, false]);
  });

  it('ends normally if the other gateway ends it, and is cut off if it breaks off, so that the client reconnects', async () => {
    const ended = await setUp();
    const first = await ended.follow();
    await ended.say('data: 1\n\n', 'end');
    assert.deepEqual([first.client.text, first.client.isConnected], [':connected\n\ndata: 1\n\n', false]);
    assert.equal(first.stream.isCutOff, false);
    const broken = await setUp();
    const second = await broken.follow();
    await broken.say('data: 1\n\n', new Error('reset'));
    assert.match(
      second.client.text,
      /^:disconnected: the stream of yard was interrupted; reconnect with Last-Event-ID$/m,
    );
    assert.equal(second.stream.isCutOff, true);
  });

  it('is cut off if the other gateway is silent for long, but not while the client does not read', async () => {
    const { clock, follow, say } = await setUp();
    const { stream, client } = await follow();
    client.stopReading();
    const big = `data: ${'x'.repeat(40_000)}\n\n`;
    await say(big, big);
    clock.advance(80_000);
    await settle();
    assert.equal(stream.isOver, false);
    client.readNext();
    await settle();
    clock.advance(80_000);
    await settle();
    assert.equal(stream.isCutOff, true);
  });

  it('is read no faster than its client reads it', async () => {
    const { follow, say, counts } = await setUp();
    const { client } = await follow();
    client.stopReading();
    const part = `data: ${'x'.repeat(40_000)}\n\n`;
    await say(...Array.from({ length: 50 }, () => part));
    assert.ok(counts.read < 10, `${counts.read} parts are read`);
    client.readNext();
    await settle();
    assert.equal(counts.read, 50);
    assert.equal(client.text.length, ':connected\n\n'.length + 50 * part.length);
  });

  it('is the answer of the other gateway if that is not a stream', async () => {
    const { open, clients } = await setUp({ status: 404 });
    const answer = await open();
    assert.ok(answer instanceof ForwardedReply);
    assert.deepEqual([answer.reply.status, clients()], [404, 0]);
  });
});
