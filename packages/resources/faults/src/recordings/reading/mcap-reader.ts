import { zstdDecompressSync } from 'node:zlib';
import type { McapIndexedReader, McapTypes } from '@mcap/core';
import { type BagReader, BagUnreadable, byName, offeredQos, type RecordedMessage } from './bag-reader.ts';

/** A file with random access. */
export interface RandomAccess {
  size(): Promise<bigint>;
  read(offset: bigint, octets: bigint): Promise<Uint8Array>;
  close(): Promise<void>;
}

/** Bytes per read of a scan. */
const SCAN_BYTES = 1024n * 1024n;

const DECOMPRESS = { zstd: (buffer: Uint8Array) => zstdDecompressSync(buffer) };

/**
 * Opens a recording in MCAP: with its index if that has statistics, otherwise with a scan of the whole file. A killed
 * recorder leaves no index, and a recorder short of memory writes none. Throws `BagUnreadable`, and leaves `file` open.
 */
export async function openMcapReader(file: RandomAccess): Promise<BagReader> {
  // Loaded on first use: a gateway only writes recordings.
  const { McapIndexedReader } = await import('@mcap/core');
  const reader = await McapIndexedReader.Initialize({ readable: file, decompressHandlers: DECOMPRESS }).catch(
    () => undefined,
  );
  return reader && isIndexed(reader) ? indexedBag(reader, file) : scannedBag(file);
}

/** Returns whether the index covers every message and counts them by topic. */
function isIndexed({ statistics, chunkIndexes }: McapIndexedReader): boolean {
  return statistics !== undefined && statistics.chunkCount === chunkIndexes.length && chunkIndexes.length > 0;
}

function indexedBag(reader: McapIndexedReader, file: RandomAccess): BagReader {
  const { statistics, channelsById, schemasById, chunkIndexes } = reader;
  for (const { compression } of chunkIndexes) refuseCompression(compression);
  const counts = statistics?.channelMessageCounts;
  return {
    format: 'mcap',
    isComplete: true,
    startNs: statistics?.messageStartTime ?? 0n,
    endNs: statistics?.messageEndTime ?? 0n,
    topics: topicsOf(channelsById.values(), schemasById, (id) => Number(counts?.get(id) ?? 0n)),
    async *messages(selected) {
      const read = selected && { topics: [...selected] };
      for await (const message of reader.readMessages(read)) yield recorded(message, channelsById);
    },
    close: () => file.close(),
  };
}

async function scannedBag(file: RandomAccess): Promise<BagReader> {
  const schemas = new Map<number, McapTypes.Schema>();
  const channels = new Map<number, McapTypes.Channel>();
  const counts = new Map<number, number>();
  let startNs: bigint | undefined;
  let endNs = 0n;
  let isComplete = false;
  for await (const record of records(file)) {
    if (record.type === 'Schema') schemas.set(record.id, record);
    else if (record.type === 'Channel') channels.set(record.id, record);
    else if (record.type === 'Footer') isComplete = true;
    else if (record.type === 'Message') {
      const { channelId, logTime } = record;
      counts.set(channelId, (counts.get(channelId) ?? 0) + 1);
      if (startNs === undefined || logTime < startNs) startNs = logTime;
      if (logTime > endNs) endNs = logTime;
    }
  }
  return {
    format: 'mcap',
    isComplete,
    startNs: startNs ?? 0n,
    endNs,
    topics: topicsOf(channels.values(), schemas, (id) => counts.get(id) ?? 0),
    async *messages(selected) {
      for await (const record of records(file)) {
        if (record.type !== 'Message') continue;
        const message = recorded(record, channels);
        if (selected?.has(message.topic) ?? true) yield message;
      }
    },
    close: () => file.close(),
  };
}

/** Reads the records of a file in order, including those in chunks, until the end or until the file is cut off. */
async function* records(file: RandomAccess): AsyncGenerator<McapTypes.TypedMcapRecord> {
  const { McapStreamReader } = await import('@mcap/core');
  const reader = new McapStreamReader({ decompressHandlers: DECOMPRESS });
  const size = await file.size();
  try {
    for (let at = 0n; at < size; at += SCAN_BYTES) {
      reader.append(await file.read(at, size - at < SCAN_BYTES ? size - at : SCAN_BYTES));
      for (let record = reader.nextRecord(); record; record = reader.nextRecord()) yield record;
    }
  } catch (error) {
    const { message } = error as Error;
    refuseCompression(/^Unsupported compression (\S+)/.exec(message)?.[1] ?? '');
    throw new BagUnreadable(`it is not an MCAP file, or it is damaged: ${message}`);
  }
}

function refuseCompression(compression: string): void {
  if (compression === '' || compression === 'zstd') return;
  throw new BagUnreadable(
    `its messages are compressed with ${compression}, but medkit supports only zstd: convert it first`,
  );
}

function topicsOf(
  channels: Iterable<McapTypes.Channel>,
  schemas: ReadonlyMap<number, McapTypes.Schema>,
  countOf: (channelId: number) => number,
) {
  return Array.from(channels, ({ id, topic, schemaId, messageEncoding, metadata }) => {
    const schema = schemas.get(schemaId);
    const isDefined = messageEncoding === 'cdr' && schema?.encoding === 'ros2msg' && schema.data.length > 0;
    return {
      name: topic,
      type: schema?.name ?? '',
      count: countOf(id),
      ...offeredQos(metadata.get('offered_qos_profiles') ?? ''),
      ...(isDefined && { definition: new TextDecoder().decode(schema.data) }),
    };
  }).sort(byName);
}

function recorded(
  { channelId, logTime, data }: McapTypes.Message,
  channels: ReadonlyMap<number, McapTypes.Channel>,
): RecordedMessage {
  return { topic: channels.get(channelId)?.topic ?? '', loggedNs: logTime, octets: data };
}
