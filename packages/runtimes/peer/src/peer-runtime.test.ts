import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import type { RuntimeHost } from '@medkit/core';
import type { HttpStreamReply, HttpStreamRequest } from '@medkit/edges';
import { SimulatedClock, SimulatedNames } from '@medkit/edges/testing';
import { peerRuntime } from './peer-runtime.ts';

const TREE = {
  gateway: { instance: 'of-yard' },
  items: [{ type: 'app', id: 'crane', name: 'crane', source: 'manifest' }],
};
const HOST = { changed: () => undefined, log: () => undefined } as unknown as RuntimeHost;

async function* once(text: string): AsyncIterable<Uint8Array> {
  yield Buffer.from(text);
}

/** Nothing, until the request is given up. */
async function* never(signal: AbortSignal | undefined): AsyncIterable<Uint8Array> {
  await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(new Error('given up'))));
  yield Buffer.of();
}

/** A peer with a tree that does not change, whose version takes `versionMs`; it is read when this resolves. */
async function yard(versionMs: number) {
  const clock = new SimulatedClock();
  const asked: HttpStreamRequest[] = [];
  const http = {
    open: async (request: HttpStreamRequest): Promise<HttpStreamReply> => {
      asked.push(request);
      const reply = (body: AsyncIterable<Uint8Array>) => ({ status: 200, headers: {}, body, close: () => undefined });
      if (request.url.endsWith('/x-medkit-tree')) return reply(once(JSON.stringify(TREE)));
      if (request.url.endsWith('/events')) return reply(never(request.signal));
      await new Promise<void>((resolve, reject) => {
        clock.after(versionMs, resolve);
        request.signal?.addEventListener('abort', () => reject(new Error('given up')));
      });
      return reply(once('{}'));
    },
  };
  const runtime = peerRuntime({
    peer: { name: 'yard', url: 'http://10.0.0.7:8080', token: 'secret' },
    gateway: 'head',
    direct: new Map(),
    http,
    names: new SimulatedNames({ '10.0.0.7': ['10.0.0.7'] }),
    clock,
    timeoutMs: 5000,
    forwardsAuthorization: false,
  });
  const settle = async () => {
    for (let turns = 0; turns < 20; turns++) await setImmediate();
  };
  await runtime.start(HOST);
  await settle();
  return { runtime, clock, settle, versions: () => asked.filter(({ url }) => url.endsWith('/version-info')) };
}

describe('how long another gateway takes to answer', () => {
  it('is measured when somebody asks, once for all who ask meanwhile, and it was seen then', async () => {
    const { runtime, clock, settle, versions } = await yard(12);
    clock.advance(60_000);
    const before = runtime.peerState().lastSeenMs;
    const measured = [runtime.measured(), runtime.measured()];
    await settle();
    clock.advance(12);
    const [first, second] = await Promise.all(measured);
    assert.deepEqual([first?.roundTripMs, first?.status, first?.problem], [12, 'online', undefined]);
    assert.equal(first, second);
    assert.equal(first?.lastSeenMs, (before ?? 0) + 60_012);
    assert.equal(versions().length, 1);
    assert.deepEqual(
      [versions()[0]?.headers?.['x-medkit-no-fan-out'], versions()[0]?.headers?.['x-medkit-via']],
      ['1', 'head'],
    );
    void runtime.measured();
    await settle();
    assert.equal(versions().length, 2, 'asked anew by who comes later');
    await runtime.stop();
  });

  it('is a second at most: then it is named, though its tree is still followed', async () => {
    const { runtime, clock, settle } = await yard(60_000);
    const measured = runtime.measured();
    await settle();
    clock.advance(1000);
    const { status, entities, roundTripMs, problem } = await measured;
    assert.deepEqual([status, entities, roundTripMs], ['online', 1, undefined]);
    assert.match(problem ?? '', /yard at http:\/\/10\.0\.0\.7:8080 does not answer: /);
    assert.equal(runtime.peerState().problem, undefined);
    await runtime.stop();
  });
});
