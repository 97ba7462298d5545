import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { McapIndexedReader } from '@mcap/core';
import { parse } from 'yaml';

/** A recording as other readers see it, whatever its format. */
export interface ReadBag {
  readonly topics: ReadonlyMap<string, ReadTopic>;
  /** Ordered by time. */
  readonly messages: readonly ReadMessage[];
}

export interface ReadTopic {
  readonly type: string;
  readonly typeHash: string;
  /** Empty if there is none. */
  readonly definition: string;
  /** In the format of `rosbag2`: one entry for each publisher. */
  readonly qos: readonly Readonly<Record<string, unknown>>[];
}

export interface ReadMessage {
  readonly topic: string;
  readonly timeNs: bigint;
  readonly octets: Uint8Array;
}

/** Reads the folder of a recording by its `metadata.yaml`, as `ros2 bag` does. */
export async function readBag(folder: string): Promise<ReadBag> {
  const text = readFileSync(join(folder, 'metadata.yaml'), 'utf8');
  const { storage_identifier: format, relative_file_paths: names } = parse(text).rosbag2_bagfile_information;
  const read = format === 'mcap' ? readMcap : readSqlite;
  const files = await Promise.all((names as string[]).map((name) => read(join(folder, name))));
  return {
    topics: new Map(files.flatMap(({ topics }) => [...topics])),
    messages: files.flatMap(({ messages }) => messages),
  };
}

async function readMcap(path: string): Promise<ReadBag> {
  const file = readFileSync(path);
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: async () => BigInt(file.length),
      read: async (offset, size) => new Uint8Array(file.subarray(Number(offset), Number(offset + size))),
    },
    decompressHandlers: { zstd: (buffer) => zstdDecompressSync(buffer) },
  });
  const topics = Array.from(reader.channelsById.values(), ({ topic, schemaId, metadata }): [string, ReadTopic] => {
    const schema = reader.schemasById.get(schemaId);
    return [
      topic,
      {
        type: schema?.name ?? '',
        typeHash: metadata.get('topic_type_hash') ?? '',
        definition: new TextDecoder().decode(schema?.data),
        qos: parse(metadata.get('offered_qos_profiles') ?? ''),
      },
    ];
  });
  const messages: ReadMessage[] = [];
  for await (const { channelId, logTime, data } of reader.readMessages()) {
    messages.push({ topic: reader.channelsById.get(channelId)?.topic ?? '', timeNs: logTime, octets: data });
  }
  return { topics: new Map(topics), messages };
}

/** Reads the tables of rosbag2's storage plugin for sqlite3, in version 4 of its schema. */
async function readSqlite(path: string): Promise<ReadBag> {
  using database = new DatabaseSync(path, { readOnly: true, readBigInts: true });
  const rows = (sql: string) => database.prepare(sql).all() as never as readonly Record<string, never>[];
  const topics = rows(
    `SELECT name, type, offered_qos_profiles, topics.type_description_hash AS hash, encoded_message_definition
     FROM topics LEFT JOIN message_definitions ON topic_type = type ORDER BY topics.id`,
  ).map(({ name, type, hash, offered_qos_profiles, encoded_message_definition }): [string, ReadTopic] => [
    name,
    { type, typeHash: hash, definition: encoded_message_definition ?? '', qos: parse(offered_qos_profiles) },
  ]);
  const messages = rows(
    `SELECT name, timestamp, data FROM messages JOIN topics ON topics.id = topic_id ORDER BY timestamp, messages.id`,
  ).map(({ name, timestamp, data }): ReadMessage => ({ topic: name, timeNs: timestamp, octets: data }));
  return { topics: new Map(topics), messages };
}
