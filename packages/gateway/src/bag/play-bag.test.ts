import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SimulatedClock } from '@medkit/edges/testing';
import type { BagReader } from '@medkit/faults/reading';
import { playBag } from './play-bag.ts';

const topic = (name: string, latched = false) => ({
  name,
  type: 'std_msgs/msg/Empty',
  count: 1,
  latched,
  reliable: true,
});

/** Plays two seconds of two topics in time steps of 0.1 s. */
async function played({ rate = 1, only, stopAfter = 99 }: { rate?: number; only?: string; stopAfter?: number } = {}) {
  const clock = new SimulatedClock();
  const stopping = new AbortController();
  const bag: BagReader = {
    format: 'mcap',
    isComplete: true,
    startNs: 5_000_000_000n,
    endNs: 7_000_000_000n,
    topics: [topic('/map', true), topic('/scan')],
    async *messages() {
      yield { topic: '/map', loggedNs: 5_000_000_000n, octets: Uint8Array.of(1) };
      yield { topic: '/scan', loggedNs: 6_000_000_000n, octets: Uint8Array.of(2) };
      yield { topic: '/scan', loggedNs: 7_000_000_000n, octets: Uint8Array.of(3) };
    },
    close: async () => undefined,
  };
  const said: [string, number, number][] = [];
  const opened: [string, string][] = [];
  let closed = false;
  const node = {
    publisher: async (name: string, _type: string, { durability }: { durability: string }) => {
      opened.push([name, durability]);
      return {
        publish: async (octets: Uint8Array) => {
          said.push([name, octets[0] ?? -1, Math.round(clock.monotonicMs())]);
          if (said.length >= stopAfter) stopping.abort();
        },
      };
    },
    close: async () => {
      closed = true;
    },
  };
  const startMs = clock.monotonicMs();
  const playing = playBag(bag, {
    adapter: { node: async () => node as never },
    clock,
    rate,
    wants: ({ name }) => only === undefined || name === only,
    signal: stopping.signal,
  });
  for (let turn = 0; turn < 60; turn++) {
    await new Promise(setImmediate);
    clock.advance(100);
  }
  const count = await playing;
  assert.equal(closed, true);
  return { count, opened, said: said.map(([name, octet, atMs]) => [name, octet, atMs - startMs]) };
}

test('every message is published at its time, once subscribers have had time to be discovered', async () => {
  const { count, opened, said } = await played();
  assert.equal(count, 3);
  assert.deepEqual(opened, [
    ['/map', 'transient_local'],
    ['/scan', 'volatile'],
  ]);
  assert.deepEqual(said, [
    ['/map', 1, 1000],
    ['/scan', 2, 2000],
    ['/scan', 3, 3000],
  ]);
});

test('playback can be faster, limited to some topics, and stopped', async () => {
  assert.deepEqual((await played({ rate: 2, only: '/scan' })).said, [
    ['/scan', 2, 1500],
    ['/scan', 3, 2000],
  ]);
  assert.equal((await played({ stopAfter: 2 })).count, 2);
});
