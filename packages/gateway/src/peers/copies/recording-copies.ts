import { dirname } from 'node:path';
import { parseJson, stringifyJson } from '@medkit/core';
import type { Files, OctetRange, WritableFiles } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import type { GatewayDatabase } from '../../database/lazy-store.ts';
import { bytesOf, type CopiedFile, type CopiedRecording, type RecordingCopy } from './recording-copy.ts';

/** Folder of incoming recordings: below the same folder, so that moving one into place is atomic. */
const INCOMING = 'incoming';
/** Disk space left free for other data. */
const LEFT_FREE_BYTES = 100_000_000;

/** Identifies a recording. */
export type RecordingKey = Pick<RecordingCopy, 'peer' | 'id'>;

/** A file that is being received, and its tag. */
export interface IncomingFile {
  readonly name: string;
  readonly tag: string;
  readonly octets: AsyncIterable<Uint8Array>;
}

/** The recordings that were copied or wait to be. Errors of the disk or the store are thrown unchanged. */
export interface RecordingCopies {
  all(): readonly RecordingCopy[];
  find(key: RecordingKey): RecordingCopy | undefined;
  /** Stores what is known of a recording. */
  put(recording: RecordingCopy): Promise<void>;
  /** Removes recordings and their files. */
  remove(recordings: readonly RecordingKey[]): Promise<void>;
  /** Receives the files of a recording in sequence. Resolves when they are on disk; if it throws, nothing is left. */
  takeIn(files: AsyncIterable<IncomingFile>): Promise<Pick<CopiedRecording, 'place' | 'files'>>;
  /** Removes received files that are not needed. */
  throwAway(taken: Pick<CopiedRecording, 'place'>): Promise<void>;
  read(copied: CopiedRecording, file: CopiedFile, range?: OctetRange): AsyncIterable<Uint8Array>;
  /** Returns whether the disk has space for this many bytes, besides the free reserve. */
  fits(bytes: number): Promise<boolean>;
  /** Bytes of all copies. */
  bytes(): number;
}

export interface RecordingCopiesOptions {
  readonly database: GatewayDatabase;
  readonly storage: Files & WritableFiles;
  /** Absolute. Created when first needed. */
  readonly folder: string;
}

/** Opens the recordings of an earlier run. Removes unfinished ones; an incomplete copy waits again. */
export async function openRecordingCopies(options: RecordingCopiesOptions): Promise<RecordingCopies> {
  const { database, storage, folder } = options;
  const known = new Map<string, RecordingCopy>();
  const folderOf = ({ place }: Pick<CopiedRecording, 'place'>): string => `${folder}/${place}`;
  const write = async (statements: readonly Statement[]): Promise<void> => {
    if (statements.length > 0) await (await database.store()).write(statements, {}, 'system');
  };
  const reset = (name: string, before: RecordingCopy | undefined): void => {
    if (before) known.set(name, before);
    else known.delete(name);
  };
  const isWhole = async (copied: CopiedRecording): Promise<boolean> => {
    const states = await Promise.all(copied.files.map((_, at) => storage.stateOf(`${folderOf(copied)}/${at}`)));
    return copied.files.every(({ size }, at) => states[at]?.bytes === size);
  };
  if (await database.exists()) {
    const rows = await (await database.store()).read('SELECT told FROM recording_copies ORDER BY since_ms');
    for (const { told } of rows) {
      const { copied, ...rest } = parseJson(String(told)) as unknown as RecordingCopy;
      known.set(nameOf(rest), copied && (await isWhole(copied)) ? { ...rest, copied } : rest);
    }
  }
  const places = new Set([...known.values()].flatMap(({ copied }) => (copied ? [String(copied.place)] : [])));
  const found = (await storage.list(folder)).map(({ name }) => name);
  for (const name of found.filter((each) => !places.has(each))) await storage.remove(`${folder}/${name}`);
  let lastPlace = Math.max(0, ...found.map(Number).filter(Number.isSafeInteger));

  return {
    all: () => [...known.values()],
    find: (key) => known.get(nameOf(key)),
    put: async (recording) => {
      const { peer, id, sinceMs } = recording;
      const sql = 'INSERT OR REPLACE INTO recording_copies (peer, id, told, since_ms) VALUES (?, ?, ?, ?)';
      const before = known.get(nameOf(recording));
      // Set before the write: concurrent changes must see it.
      known.set(nameOf(recording), recording);
      try {
        await write([{ sql, parameters: [peer, id, stringifyJson(recording), Math.round(sinceMs)] }]);
      } catch (error) {
        if (known.get(nameOf(recording)) === recording) reset(nameOf(recording), before);
        throw error;
      }
    },
    remove: async (recordings) => {
      const sql = 'DELETE FROM recording_copies WHERE peer = ? AND id = ?';
      const gone = recordings.flatMap((key) => known.get(nameOf(key)) ?? []);
      for (const each of gone) known.delete(nameOf(each));
      try {
        await write(gone.map(({ peer, id }) => ({ sql, parameters: [peer, id] })));
      } catch (error) {
        for (const each of gone) known.set(nameOf(each), each);
        throw error;
      }
      for (const { copied } of gone) if (copied) await storage.remove(folderOf(copied));
    },
    takeIn: async (files) => {
      const incoming = `${folder}/${INCOMING}`;
      const taken: CopiedFile[] = [];
      await storage.remove(incoming);
      try {
        for await (const { name, tag, octets } of files) {
          let size = 0;
          const counted = async function* (): AsyncIterable<Uint8Array> {
            for await (const chunk of octets) {
              size += chunk.length;
              yield chunk;
            }
          };
          await storage.write(`${incoming}/${taken.length}`, counted());
          taken.push({ name, size, tag });
        }
        await storage.syncFolder(incoming);
        lastPlace += 1;
        await storage.move(incoming, folderOf({ place: lastPlace }));
      } catch (error) {
        await storage.remove(incoming);
        throw error;
      }
      return { place: lastPlace, files: taken };
    },
    throwAway: (taken) => storage.remove(folderOf(taken)),
    read: (copied, { name }, range) => {
      const at = copied.files.findIndex((file) => file.name === name);
      return storage.read(`${folderOf(copied)}/${at}`, range);
    },
    fits: async (bytes) => {
      // The data folder exists; this folder may not exist yet.
      const there = (await storage.stateOf(folder)) ? folder : dirname(folder);
      return (await storage.freeBytes(there)) - bytes >= LEFT_FREE_BYTES;
    },
    bytes: () => [...known.values()].reduce((sum, recording) => sum + bytesOf(recording), 0),
  };
}

function nameOf({ peer, id }: RecordingKey): string {
  return `${peer} ${id}`;
}
