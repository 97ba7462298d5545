import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { zstdCompressSync } from 'node:zlib';
import { McapWriter } from '@mcap/core';
import { openBagReader } from './bag-reader.ts';
import { LEAST_RANGE } from './field-path.ts';
import type { RangeSource } from './range-source.ts';

const START_NS = 1_774_232_077_000_000_000n;
const START_MS = 1_774_232_077_000;

const SCAN_DEFINITION =
  'float32 angle_min\nfloat32 angle_increment\nfloat32 range_min\nfloat32 range_max\nfloat32[] ranges\n';

/** A scan as little-endian CDR; all fields are aligned to four bytes. */
function scanMessage(ranges: readonly number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(24 + ranges.length * 4));
  view.setUint32(0, 0x00010000);
  for (const [place, value] of [-1, 1, 0.05, 12].entries()) view.setFloat32(4 + place * 4, value, true);
  view.setUint32(20, ranges.length, true);
  for (const [place, range] of ranges.entries()) view.setFloat32(24 + place * 4, range, true);
  return new Uint8Array(view.buffer);
}

interface Made {
  readonly compression?: string;
  readonly encoding?: string;
  readonly definition?: string;
}

/** A recording with ten scans 100 ms apart in chunks of one or two, and a topic without definition. */
async function recording({
  compression = 'zstd',
  encoding = 'ros2msg',
  definition = SCAN_DEFINITION,
}: Made = {}): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  let size = 0n;
  const writer = new McapWriter({
    writable: {
      position: () => size,
      async write(octets) {
        parts.push(octets.slice());
        size += BigInt(octets.length);
      },
    },
    chunkSize: 300,
    compressChunk: (chunk) =>
      compression === ''
        ? { compression, compressedData: chunk }
        : { compression, compressedData: new Uint8Array(zstdCompressSync(chunk)) },
  });
  await writer.start({ profile: 'ros2', library: 'test' });
  const data = new TextEncoder().encode(definition);
  const schemaId = await writer.registerSchema({ name: 'sensor_msgs/msg/LaserScan', encoding, data });
  const scan = { topic: '/scan', schemaId, messageEncoding: 'cdr', metadata: new Map<string, string>() };
  const channelId = await writer.registerChannel(scan);
  const raw = await writer.registerChannel({ ...scan, topic: '/raw', schemaId: 0 });
  for (let number = 0; number < 10; number += 1) {
    const logTime = START_NS + BigInt(number) * 100_000_000n;
    const message = { sequence: number, logTime, publishTime: logTime };
    await writer.addMessage({ ...message, channelId, data: scanMessage([2, 1 - number / 10, 3]) });
    if (number === 3) await writer.addMessage({ ...message, channelId: raw, data: new Uint8Array(4) });
  }
  await writer.end();
  return Buffer.concat(parts);
}

function sourceOf(octets: Uint8Array): RangeSource & { readonly reads: number[] } {
  const reads: number[] = [];
  return {
    reads,
    size: async () => BigInt(octets.length),
    read: async (offset, length) => {
      reads.push(Number(length));
      return octets.slice(Number(offset), Number(offset + length));
    },
  };
}

describe('a recording', () => {
  it('lists its content, and why a topic cannot be read', async () => {
    const { summary } = await openBagReader(sourceOf(await recording()));
    assert.equal(summary.messages, 11);
    assert.deepEqual([summary.startMs, summary.endMs], [START_MS, START_MS + 900]);
    assert.deepEqual(summary.topics, [
      { name: '/raw', type: '', count: 1, problem: 'no-definition' },
      { name: '/scan', type: 'sensor_msgs/msg/LaserScan', count: 10 },
    ]);
  });

  it('returns the numbers in a range of time, thinned to the requested number', async () => {
    const reader = await openBagReader(sourceOf(await recording()));
    const { samples, isThinned } = await reader.samples('/scan', LEAST_RANGE, START_MS + 200, START_MS + 400, 100);
    assert.deepEqual(
      samples.map(([ms, value]) => [ms - START_MS, Number(value.toFixed(3))]),
      [
        [200, 0.8],
        [300, 0.7],
        [400, 0.6],
      ],
    );
    assert.equal(isThinned, false);
    const few = await reader.samples('/scan', '/ranges/1', 0, Number.POSITIVE_INFINITY, 4);
    assert.ok(few.samples.length <= 4 && few.isThinned);
    assert.ok(
      (await reader.samples('/scan', '/none', 0, Number.MAX_VALUE, 9)).samples.every(([, value]) =>
        Number.isNaN(value),
      ),
    );
  });

  it('returns the last message at or before a time, and the times of its neighbours', async () => {
    const reader = await openBagReader(sourceOf(await recording()));
    const at = async (ms: number) => (await reader.message('/scan', ms))?.ms;
    assert.deepEqual(
      [await at(START_MS), await at(START_MS + 250), await at(START_MS + 1e6), await at(START_MS - 1)],
      [START_MS, START_MS + 200, START_MS + 900, undefined],
    );
    assert.equal((await reader.message('/scan', START_MS))?.message['angle_min'], -1);
    const beside = async (after: number, steps: 1 | -1) => {
      const ms = await reader.momentBeside('/scan', START_MS + after, steps);
      return ms === undefined ? undefined : ms - START_MS;
    };
    assert.deepEqual(
      [await beside(-1, 1), await beside(0, 1), await beside(250, 1), await beside(800.4, 1), await beside(900, 1)],
      [0, 100, 300, 900, undefined],
    );
    assert.deepEqual(
      [
        await beside(1e6, -1),
        await beside(900, -1),
        await beside(250, -1),
        await beside(99.4, -1),
        await beside(0, -1),
      ],
      [900, 800, 200, 0, undefined],
    );
    await assert.rejects(reader.message('/none', 0), /no-topic: \/none/);
    await assert.rejects(reader.message('/raw', START_MS + 500), /no-definition/);
  });

  it('with an unsupported compression or format has a message that says so', async () => {
    const plain = await openBagReader(sourceOf(await recording({ compression: '' })));
    assert.equal((await plain.samples('/scan', LEAST_RANGE, 0, Number.MAX_VALUE, 99)).samples.length, 10);
    const lz4 = await openBagReader(sourceOf(await recording({ compression: 'lz4' })));
    await assert.rejects(lz4.momentBeside('/scan', 0, 1), /^Error: lz4|BagProblem: lz4/);
    const { summary } = await openBagReader(sourceOf(await recording({ encoding: 'ros2idl' })));
    assert.match(summary.topics[1]?.problem ?? '', /definition-kind: ros2idl/);
    // A definition is parsed only when a message is read, because a recording may have thousands of them.
    const nonsense = await openBagReader(sourceOf(await recording({ definition: 'float32 range_min\nnonsense' })));
    assert.equal(nonsense.summary.topics[1]?.problem, undefined);
    for (let time = 0; time < 2; time += 1) {
      await assert.rejects(nonsense.message('/scan', START_MS + 500), /definition: sensor_msgs/);
    }
  });

  it('that is incomplete or damaged causes an error only', async () => {
    const whole = await recording();
    let refused = 0;
    for (let at = 0; at < whole.length; at += 7) {
      const changed = whole.slice();
      changed[at] = changed[at]! ^ 0xff;
      try {
        const reader = await openBagReader(sourceOf(changed));
        await reader.samples('/scan', LEAST_RANGE, 0, Number.MAX_VALUE, 50);
      } catch (error) {
        assert.ok(error instanceof Error);
        refused += 1;
      }
    }
    assert.ok(refused > 20, `${refused} were refused`);
    for (const length of [0, 10, 100, whole.length - 1]) {
      await assert.rejects(openBagReader(sourceOf(whole.subarray(0, length))));
    }
  });
});
