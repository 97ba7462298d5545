import { zstdDecompressSync } from 'node:zlib';
import { type BagReader, BagUnreadable, byName, offeredQos } from './bag-reader.ts';

/** A file that is read in parts. */
export interface RandomAccess {
  size(): Promise<bigint>;
  read(offset: bigint, octets: bigint): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Reads a recording in MCAP by its summary and indexes. Throws `BagUnreadable`; `file` is then still open. */
export async function openMcapReader(file: RandomAccess): Promise<BagReader> {
  // Loaded with the first recording that is read: a gateway only writes them.
  const { McapIndexedReader } = await import('@mcap/core');
  const reader = await McapIndexedReader.Initialize({
    readable: file,
    decompressHandlers: { zstd: (buffer) => zstdDecompressSync(buffer) },
  }).catch((error: Error) => {
    throw new BagUnreadable(`it is no MCAP with an index: ${error.message}`);
  });
  const { statistics, channelsById, schemasById, chunkIndexes } = reader;
  const unknown = chunkIndexes.find(({ compression }) => compression !== '' && compression !== 'zstd');
  if (unknown) throw new BagUnreadable(`its messages are compressed with ${unknown.compression}: zstd can be read`);
  const counts = statistics?.channelMessageCounts;
  return {
    format: 'mcap',
    startNs: statistics?.messageStartTime ?? 0n,
    endNs: statistics?.messageEndTime ?? 0n,
    topics: [...channelsById.values()]
      .map(({ id, topic, schemaId, metadata }) => ({
        name: topic,
        type: schemasById.get(schemaId)?.name ?? '',
        count: Number(counts?.get(id) ?? 0n),
        ...offeredQos(metadata.get('offered_qos_profiles') ?? ''),
      }))
      .sort(byName),
    async *messages() {
      for await (const { channelId, logTime, data } of reader.readMessages()) {
        yield { topic: channelsById.get(channelId)?.topic ?? '', loggedNs: logTime, octets: data };
      }
    },
    close: () => file.close(),
  };
}
