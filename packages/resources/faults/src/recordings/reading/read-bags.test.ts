import assert from 'node:assert/strict';
import { globSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { McapWriter, type McapWriterOptions, TempBuffer } from '@mcap/core';
import { seededRandom } from '@medkit/edges';
import { systemWritableFiles } from '@medkit/edges/node';
import { EPOCH_NS, logged, MAP, SCAN, sampleAt } from '../../testing/recorded-topics.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import type { BagFormat } from '../files/bag.ts';
import { bagShelf } from '../files/open-bag.ts';
import { packBlock } from '../files/sample-block.ts';
import { type BagReader, BagUnreadable, joinBags, offeredQos } from './bag-reader.ts';
import { openMcapReader } from './mcap-reader.ts';
import { openSqliteReader } from './sqlite-reader.ts';

function fileAt(path: string) {
  const descriptor = openSync(path, 'r');
  return {
    size: async () => BigInt(statSync(path).size),
    read: async (offset: bigint, octets: bigint) => {
      const buffer = new Uint8Array(Number(octets));
      return buffer.subarray(0, readSync(descriptor, buffer, 0, buffer.length, Number(offset)));
    },
    close: async () => undefined,
  };
}

const OPEN: Readonly<Record<BagFormat, (path: string) => Promise<BagReader>>> = {
  mcap: (path) => openMcapReader(fileAt(path)),
  sqlite3: async (path) => openSqliteReader(path),
};

const NOISE_BYTES = 2 * 1024 * 1024;

/** A sample that does not compress. */
function noiseAt(ms: number) {
  const octets = seededRandom(ms).bytes(NOISE_BYTES);
  return { ...sampleAt(ms), octets };
}

async function messagesOf(bag: BagReader) {
  const messages = [];
  for await (const message of bag.messages()) messages.push(message);
  return messages;
}

/** Three messages of `/n` within two seconds, in an MCAP written with `options`. */
async function mcapOf(options: Partial<McapWriterOptions>): Promise<Uint8Array> {
  const target = new TempBuffer();
  const writer = new McapWriter({ writable: target, ...options });
  await writer.start({ profile: 'ros2', library: 'another recorder' });
  const schemaId = await writer.registerSchema({
    name: 'std_msgs/msg/Int32',
    encoding: 'ros2msg',
    data: new TextEncoder().encode('int32 data'),
  });
  const channelId = await writer.registerChannel({
    topic: '/n',
    schemaId,
    messageEncoding: 'cdr',
    metadata: new Map(),
  });
  for (const at of [0n, 1n, 2n]) {
    const logTime = EPOCH_NS + at * 1_000_000_000n;
    await writer.addMessage({ channelId, sequence: 0, logTime, publishTime: logTime, data: Uint8Array.of(0, 1, 0, 0) });
  }
  await writer.end();
  return target.get();
}

describe('an MCAP of another recorder', () => {
  const openOctets = (octets: Uint8Array) =>
    openMcapReader({
      size: async () => BigInt(octets.length),
      read: async (offset, size) => octets.subarray(Number(offset), Number(offset + size)),
      close: async () => undefined,
    });

  for (const [what, options] of [
    ['without statistics', { useStatistics: false }],
    ['without chunks', { useChunks: false }],
    ['without an index', { useChunkIndex: false, useMessageIndex: false }],
    [
      'without a summary',
      {
        useStatistics: false,
        useChunkIndex: false,
        useSummaryOffsets: false,
        repeatChannels: false,
        repeatSchemas: false,
      },
    ],
  ] as const) {
    it(`has its times, counts and messages ${what}`, async () => {
      const bag = await openOctets(await mcapOf(options));
      assert.deepEqual(
        [bag.isComplete, bag.endNs - bag.startNs, bag.startNs, bag.topics.map(({ name, count }) => [name, count])],
        [true, 2_000_000_000n, EPOCH_NS, [['/n', 3]]],
      );
      assert.equal((await messagesOf(bag)).length, 3);
    });
  }

  it('is read as far as possible if the recorder was killed, and marked as incomplete', async () => {
    const whole = await mcapOf({ chunkSize: 1 });
    const bag = await openOctets(whole.subarray(0, whole.length / 2));
    assert.equal(bag.isComplete, false);
    const messages = await messagesOf(bag);
    assert.ok(messages.length > 0);
    assert.deepEqual(
      bag.topics.map(({ count }) => count),
      [messages.length],
    );
  });
});

describe('a recording that is read', () => {
  for (const format of ['mcap', 'sqlite3'] as const) {
    it(`has its topics, times and messages as they were recorded: ${format}`, async () => {
      using folder = temporaryFolder();
      const shelf = bagShelf(systemWritableFiles);
      const bag = await shelf.open({ id: 'fault_F1_1', folder: folder.path, format, maxFileOctets: 1024 * 1024 });
      const [first, second, third] = [sampleAt(0, 50), sampleAt(1), sampleAt(2.5, 4)];
      await bag.write(packBlock([MAP, SCAN], [logged(0, first), logged(1, second), logged(1, third)]));
      const { path } = await bag.finish(['F1']);
      const [file = ''] = globSync('*_0.*', { cwd: path });
      const read = await OPEN[format](join(path, file));
      assert.deepEqual(
        read.topics.map(({ name, type, count }) => [name, type, count]),
        [MAP, SCAN].map(({ name, type }, at) => [name, type, at + 1]).sort(),
      );
      assert.deepEqual(
        new Map(read.topics.map(({ name, definition }) => [name, definition])),
        new Map([MAP, SCAN].map(({ name, definition }) => [name, definition])),
      );
      const messages = [];
      for await (const message of read.messages()) messages.push(message);
      const hex = (octets: Uint8Array) => Buffer.from(octets).toString('hex');
      assert.deepEqual(
        messages.map(({ topic, octets }) => [topic, hex(octets)]),
        [
          [MAP.name, hex(first.octets)],
          [SCAN.name, hex(second.octets)],
          [SCAN.name, hex(third.octets)],
        ],
      );
      assert.deepEqual([read.startNs, read.endNs], [messages[0]?.loggedNs, messages.at(-1)?.loggedNs]);
      await read.close();
    });

    it(`begins each further file with the latched messages so far: ${format}`, async () => {
      using folder = temporaryFolder();
      const shelf = bagShelf(systemWritableFiles);
      const bag = await shelf.open({ id: 'split', folder: folder.path, format, maxFileOctets: 1024 * 1024 });
      const [map, newerMap] = [sampleAt(0, 50), sampleAt(1, 60)];
      await bag.write(packBlock([MAP, SCAN], [logged(0, map), logged(0, newerMap), logged(1, noiseAt(2))]));
      await bag.write(packBlock([], [logged(1, noiseAt(3))]));
      const { path, messageCount } = await bag.finish(['F1']);
      const files = globSync('*_*.*', { cwd: path }).sort();
      assert.equal(files.length, 2);
      const [first, second] = await Promise.all(files.map((file) => OPEN[format](join(path, file))));
      const [whole, last] = [await messagesOf(joinBags([first!, second!])), await messagesOf(second!)];
      assert.deepEqual(
        last.map(({ topic, loggedNs, octets }) => [topic, loggedNs, octets.length]),
        // Offered by two publishers, one of them latched with a depth of 1.
        [
          [MAP.name, noiseAt(3).receivedNs, newerMap.octets.length],
          [SCAN.name, noiseAt(3).receivedNs, NOISE_BYTES],
        ],
      );
      assert.equal(whole.length, messageCount);
      assert.deepEqual(
        joinBags([first!, second!]).topics.map(({ name, count }) => [name, count]),
        [
          [MAP.name, 3],
          [SCAN.name, 2],
        ],
      );
      await Promise.all([first?.close(), second?.close()]);
    });

    it(`is rejected if it is not a recording: ${format}`, async () => {
      using folder = temporaryFolder();
      const path = join(folder.path, 'none');
      writeFileSync(path, 'no recording, but long enough to be taken for one at the first look at it');
      await assert.rejects(OPEN[format](path), BagUnreadable);
    });
  }

  it('has QoS as names or as numbers', () => {
    assert.deepEqual(offeredQos('- durability: transient_local\n  reliability: reliable'), {
      latched: true,
      reliable: true,
    });
    assert.deepEqual(offeredQos('- reliability: 2\n  durability: 2'), { latched: false, reliable: false });
    assert.deepEqual(offeredQos(''), { latched: false, reliable: true });
  });
});
