import { zstdCompressSync } from 'node:zlib';
import { McapWriter } from '@mcap/core';
import { yaml } from '@medkit/documents';
import type { WritableFiles } from '@medkit/edges';
import type { TopicDescription } from '../tap/tap-provider.ts';
import type { BagFile } from './bag-file.ts';
import { qosProfile } from './qos-profile.ts';
import { samplesOf } from './sample-block.ts';
import { storedStream } from './stored-stream.ts';

/** Bytes of messages compressed together; a reader decompresses as much to read one message. */
const CHUNK_OCTETS = 1024 * 1024;

/** Opens a file for the rosbag2 storage plugin `mcap`: profile `ros2`, zstd chunks, indexes and summary. */
export async function openMcapFile(path: string, files: WritableFiles): Promise<BagFile> {
  const stream = storedStream(files, path);
  const writer = new McapWriter({ writable: stream, chunkSize: CHUNK_OCTETS, compressChunk });
  await writer.start({ profile: 'ros2', library: 'medkit' });
  /** By topic index in the recording. */
  const channels: number[] = [];
  const schemas = new Map<string, number>();

  const schemaOf = async ({ type, definition }: TopicDescription): Promise<number> => {
    const known = schemas.get(type);
    if (known !== undefined) return known;
    const encoding = definition === undefined ? '' : 'ros2msg';
    const id = await writer.registerSchema({ name: type, encoding, data: new TextEncoder().encode(definition) });
    schemas.set(type, id);
    return id;
  };
  const addTopic = async (topic: TopicDescription): Promise<void> => {
    const id = await writer.registerChannel({
      topic: topic.name,
      schemaId: await schemaOf(topic),
      messageEncoding: 'cdr',
      metadata: new Map([
        ['offered_qos_profiles', yaml().stringify(topic.offeredQos.map(qosProfile))],
        ['topic_type_hash', topic.typeHash],
      ]),
    });
    channels.push(id);
  };

  return {
    octets: () => Number(stream.position()),
    async write(block, topics) {
      for (const topic of topics.slice(channels.length)) await addTopic(topic);
      for (const { topic, loggedNs, publishedNs, octets } of samplesOf(block)) {
        await writer.addMessage({
          channelId: channels[topic],
          sequence: 0,
          logTime: loggedNs,
          publishTime: publishedNs,
          data: octets,
        });
      }
    },
    async finish(metadata) {
      // Without a metadata version, readers of rosbag2 expect QoS as numbers.
      await writer.addMetadata({ name: 'rosbag2', metadata: new Map([['serialized_metadata', metadata]]) });
      await writer.end();
      await stream.end();
      return Number(stream.position());
    },
    async abandon() {
      // The writer already received the error.
      await stream.end().catch(() => undefined);
    },
  };
}

/** Compressed images do not get smaller. */
function compressChunk(chunk: Uint8Array): { compression: string; compressedData: Uint8Array } {
  const compressedData = zstdCompressSync(chunk);
  return compressedData.length < chunk.length
    ? { compression: 'zstd', compressedData }
    : { compression: '', compressedData: chunk };
}
