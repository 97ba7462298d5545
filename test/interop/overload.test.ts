import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { TopicSample } from '@medkit/ros2';
import { reserveDomain } from '../harness/free-domain.ts';
import { openAdapter } from './open-adapter.ts';
import { startPeer } from './peer.ts';
import { peerSuite } from './peer-suite.ts';

const DOMAIN_ID = await reserveDomain();
const STRING = 'std_msgs/msg/String';
const SAMPLE_BYTES = 64 * 1024;
/** What Linux grants with the default `net.core.rmem_max`, and a third of that. */
const STOCK_BUFFER = 212_992;
const SMALL_BUFFER = 65_536;
/** History depth of a keep-last writer. */
const DEPTH = 10;
/** Simulates a busy receiver: blocked this long, every second. */
const BLOCKED_MS = 200;
/** Allowed memory growth of a receiver: 192 MiB are reserved for samples that wait for others. */
const MAX_GROWTH_BYTES = 400 * 1024 * 1024;

const offers = [
  { name: '1000/s', rate: 'rate=1000' },
  { name: 'flat out', rate: '' },
];
const receivers = [
  { who: 'a receive buffer of 208 KiB', receiveBufferBytes: STOCK_BUFFER, count: 1000, blocked: false },
  { who: 'a receive buffer of 64 KiB', receiveBufferBytes: SMALL_BUFFER, count: 500, blocked: false },
  {
    who: 'a receiver that stands still 200 ms of each second',
    receiveBufferBytes: STOCK_BUFFER,
    count: 1500,
    blocked: true,
  },
];

interface Outcome {
  readonly numbers: readonly number[];
  /** Time from the first sample to the last. */
  readonly seconds: number;
  readonly grownBytes: number;
}

/** Returns which 64 KB samples of a Cyclone DDS writer arrive. */
async function receive(
  { receiveBufferBytes, blocked, count }: (typeof receivers)[number],
  options: string,
): Promise<Outcome> {
  await using adapter = await openAdapter({ domainId: DOMAIN_ID, receiveBufferBytes });
  const node = await adapter.node({ name: 'reader' });
  const numbers: number[] = [];
  let [firstMs, lastMs] = [0, 0];
  let onLast: (() => void) | undefined;
  const last = new Promise<void>((resolve) => {
    onLast = resolve;
  });
  const qos = { reliability: 'reliable', history: 'keep_all' } as const;
  const onSample = ({ sequenceNumber }: TopicSample) => {
    lastMs = performance.now();
    if (numbers.length === 0) firstMs = lastMs;
    numbers.push(sequenceNumber);
    if (sequenceNumber === count) onLast?.();
  };
  await node.subscribe({ topic: '/flood', type: STRING, qos, raw: true, onSample });
  const before = process.memoryUsage.rss();
  const nap = new Int32Array(new SharedArrayBuffer(4));
  const blocker = setInterval(() => blocked && Atomics.wait(nap, 0, 0, BLOCKED_MS), 1000);
  try {
    await using peer = await startPeer({
      vendor: 'cyclone',
      domainId: DOMAIN_ID,
      commands: [`pub /flood ${STRING} size=${SAMPLE_BYTES} count=${count} wait=1 quiet ${options}`],
    });
    await peer.event('finished', '/flood', 15_000);
    // The last sample must arrive: a writer that overwrote it earlier would not end with it.
    await last;
  } finally {
    clearInterval(blocker);
  }
  const { dropped } = await adapter.facts();
  assert.equal(dropped['listener-threw'], undefined);
  return { numbers, seconds: (lastMs - firstMs) / 1000, grownBytes: process.memoryUsage.rss() - before };
}

peerSuite('more samples than a receiver can take, from Cyclone DDS', { heavy: true }, () => {
  for (const receiver of receivers) {
    for (const { name, rate } of offers) {
      test(`64 KB ${name} and keep-all into ${receiver.who}: all arrive, in order`, { timeout: 20_000 }, async (t) => {
        const { numbers, seconds, grownBytes } = await receive(receiver, `${rate} keep_all`);
        t.diagnostic(`${(numbers.length / seconds).toFixed(0)}/s, ${(grownBytes / 2 ** 20).toFixed(0)} MiB`);
        assert.deepEqual(
          numbers,
          Array.from({ length: receiver.count }, (_, index) => index + 1),
        );
        assert.ok(grownBytes < MAX_GROWTH_BYTES, `${grownBytes} octets more`);
      });

      test(`64 KB ${name} and keep-last into ${receiver.who}: the newest arrive, in order`, {
        timeout: 20_000,
      }, async (t) => {
        const { numbers, seconds, grownBytes } = await receive(receiver, `${rate} depth=${DEPTH}`);
        t.diagnostic(
          `${numbers.length} of ${receiver.count}, ${(numbers.length / seconds).toFixed(0)}/s, ${(grownBytes / 2 ** 20).toFixed(0)} MiB`,
        );
        assert.deepEqual(
          numbers,
          [...new Set(numbers)].sort((a, b) => a - b),
        );
        // The final history of the writer arrives completely, with no older samples instead.
        assert.deepEqual(
          numbers.slice(-DEPTH),
          Array.from({ length: DEPTH }, (_, index) => receiver.count - DEPTH + 1 + index),
        );
        assert.ok(grownBytes < MAX_GROWTH_BYTES, `${grownBytes} octets more`);
      });
    }
  }
});
