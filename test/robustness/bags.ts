import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { zstdDecompressSync } from 'node:zlib';
import { McapIndexedReader } from '@mcap/core';
import type { CatalogueRecording } from '@medkit/faults';
import { parse } from 'yaml';

/** Reads a recording from its first message to its last. Fails if it is incomplete. */
export async function readWhole({ path, format }: CatalogueRecording): Promise<void> {
  const { rosbag2_bagfile_information: facts } = parse(readFileSync(join(path, 'metadata.yaml'), 'utf8'));
  assert.equal(facts.storage_identifier, format);
  let messages = 0;
  for (const name of facts.relative_file_paths) {
    const file = join(path, name);
    messages += format === 'mcap' ? await messagesOfMcap(file) : messagesOfSqlite(file);
  }
  assert.equal(messages, facts.message_count, `${path} has other messages than its metadata says`);
}

async function messagesOfMcap(path: string): Promise<number> {
  const file = readFileSync(path);
  const reader = await McapIndexedReader.Initialize({
    readable: {
      size: async () => BigInt(file.length),
      read: async (offset, size) => new Uint8Array(file.subarray(Number(offset), Number(offset + size))),
    },
    decompressHandlers: { zstd: (buffer) => zstdDecompressSync(buffer) },
  });
  assert.ok(reader.chunkIndexes.length > 0 || reader.statistics?.messageCount === 0n, `${path} has no index`);
  let count = 0;
  for await (const _ of reader.readMessages()) count += 1;
  return count;
}

function messagesOfSqlite(path: string): number {
  const database = new DatabaseSync(path, { readOnly: true });
  try {
    assert.equal(database.prepare('PRAGMA integrity_check').get()?.integrity_check, 'ok');
    return Number(database.prepare('SELECT count(*) AS n FROM messages').get()?.n);
  } finally {
    database.close();
  }
}
