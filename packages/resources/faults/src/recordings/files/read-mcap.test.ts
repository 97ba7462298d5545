import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, it } from 'node:test';
import { zstdDecompressSync } from 'node:zlib';
import { McapIndexedReader } from '@mcap/core';
import { seededRandom } from '@medkit/edges';
import { systemWritableFiles } from '@medkit/edges/node';
import { parse } from 'yaml';
import { EPOCH_NS, logged, MAP, ODD, SCAN, sampleAt } from '../../testing/recorded-topics.ts';
import { temporaryFolder } from '../../testing/temporary-folder.ts';
import { bagShelf } from './open-bag.ts';
import { packBlock } from './sample-block.ts';

const shelf = bagShelf(systemWritableFiles);
const MIB = 1024 * 1024;

async function read(path: string) {
  const file = readFileSync(path);
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: async () => BigInt(file.length),
      read: async (offset, size) => new Uint8Array(file.subarray(Number(offset), Number(offset + size))),
    },
    decompressHandlers: { zstd: (buffer) => zstdDecompressSync(buffer) },
  });
  const messages = [];
  for await (const message of reader.readMessages()) messages.push(message);
  const metadata = [];
  for await (const { name, metadata: entries } of reader.readMetadata()) metadata.push([name, entries] as const);
  return { reader, messages, metadata };
}

describe('a recording for mcap', () => {
  it('contains the recorded messages, with definitions, QoS and both times', async () => {
    using folder = temporaryFolder();
    const bag = await shelf.open({ id: 'fault_F1_1', folder: folder.path, format: 'mcap', maxFileOctets: MIB });
    const [map, first, second] = [sampleAt(0, 5000), sampleAt(1), sampleAt(2.5, 4)];
    await bag.write(packBlock([MAP, SCAN], [logged(0, map), logged(1, first)]));
    await bag.write(packBlock([ODD], [logged(1, second), logged(2, sampleAt(3))]));
    const stored = await bag.finish(['F1']);
    const { reader, messages, metadata } = await read(join(stored.path, 'fault_F1_1_0.mcap'));
    assert.equal(reader.header.profile, 'ros2');
    assert.deepEqual(
      messages.map(({ channelId, logTime, publishTime, data }) => [
        reader.channelsById.get(channelId)?.topic,
        logTime,
        publishTime,
        data,
      ]),
      [
        ['/map', EPOCH_NS, EPOCH_NS - 1_000_000n, map.octets],
        ['/scan', EPOCH_NS + 1_000_000n, EPOCH_NS, first.octets],
        ['/scan', EPOCH_NS + 2_500_000n, EPOCH_NS + 1_500_000n, second.octets],
        ['/odd', EPOCH_NS + 3_000_000n, EPOCH_NS + 2_000_000n, sampleAt(3).octets],
      ],
    );
    const scan = [...reader.channelsById.values()].find(({ topic }) => topic === '/scan');
    assert.equal(scan?.messageEncoding, 'cdr');
    assert.equal(scan.metadata.get('topic_type_hash'), SCAN.typeHash);
    assert.equal(parse(scan.metadata.get('offered_qos_profiles') ?? '')[0].reliability, 'best_effort');
    const schemas = [...reader.schemasById.values()];
    assert.deepEqual(
      schemas.map(({ name, encoding, data }) => [name, encoding, new TextDecoder().decode(data)]),
      [
        [MAP.type, 'ros2msg', MAP.definition],
        [SCAN.type, 'ros2msg', SCAN.definition],
        [ODD.type, '', ''],
      ],
    );
    assert.equal(reader.statistics?.messageCount, 4n);
    assert.equal(reader.chunkIndexes[0].compression, 'zstd');
    const [[name, entries]] = metadata;
    assert.equal(name, 'rosbag2');
    const about = parse(readFileSync(join(stored.path, 'metadata.yaml'), 'utf8')).rosbag2_bagfile_information;
    assert.deepEqual(parse(entries.get('serialized_metadata') ?? ''), about);
    assert.equal(about.storage_identifier, 'mcap');
    assert.deepEqual(about.relative_file_paths, ['fault_F1_1_0.mcap']);
  });

  it('stores a chunk uncompressed if compression does not shrink it', async () => {
    using folder = temporaryFolder();
    const bag = await shelf.open({ id: 'r', folder: folder.path, format: 'mcap', maxFileOctets: MIB });
    const image = { ...sampleAt(1), octets: seededRandom(1).bytes(2 * MIB) };
    await bag.write(packBlock([SCAN], [logged(0, image)]));
    const { path } = await bag.finish(['F1']);
    const { reader, messages } = await read(join(path, 'r_0.mcap'));
    assert.equal(reader.chunkIndexes[0].compression, '');
    assert.deepEqual(Buffer.compare(messages[0].data, image.octets), 0);
  });

  it('B23: continues in another file when one is full, and each can be read alone', async () => {
    using folder = temporaryFolder();
    const bag = await shelf.open({ id: 'r', folder: folder.path, format: 'mcap', maxFileOctets: MIB });
    const large = { ...sampleAt(1), octets: seededRandom(2).bytes(2 * MIB) };
    await bag.write(packBlock([SCAN, MAP], [logged(0, large), logged(1, sampleAt(1))]));
    await bag.write(packBlock([], [logged(1, sampleAt(2))]));
    const { path } = await bag.finish(['F1']);
    assert.deepEqual(readdirSync(path), ['metadata.yaml', 'r_0.mcap', 'r_1.mcap']);
    const { reader, messages } = await read(join(path, 'r_1.mcap'));
    assert.equal(reader.channelsById.get(messages[0].channelId)?.topic, '/map');
    // The earlier latched message, and the newer one.
    assert.deepEqual(
      messages.map(({ data }) => data),
      [sampleAt(1).octets, sampleAt(2).octets],
    );
  });

  it('names the encoding of a type without members: readers refuse CDR without one', async () => {
    using folder = temporaryFolder();
    const bag = await shelf.open({ id: 'r', folder: folder.path, format: 'mcap', maxFileOctets: MIB });
    const empty = { ...SCAN, type: 'std_msgs/msg/Empty', definition: '' };
    await bag.write(packBlock([empty], [logged(0, sampleAt(0))]));
    const { path } = await bag.finish(['F1']);
    const { reader } = await read(join(path, 'r_0.mcap'));
    assert.deepEqual(
      [...reader.schemasById.values()].map(({ name, encoding }) => [name, encoding]),
      [['std_msgs/msg/Empty', 'ros2msg']],
    );
  });
});
