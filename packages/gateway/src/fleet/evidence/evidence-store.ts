import { BlobError, type Blobs, type DownloadHeaders } from '@medkit/blobs';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock, OctetRange } from '@medkit/edges';
import type { EvidenceRecord } from '@medkit/fleet';
import { keyedTasks } from '../blobs/keyed-tasks.ts';

/** Begins the keys of this hub. */
const TENANT = 'default';
/** Age at which a file without a row is removed: a hub that was restored from a backup may read its row again. */
const UNKNOWN_MS = 30 * 86_400_000;
/** Files that are looked up in the record together. */
const MAX_TOGETHER = 500;
/** Validity of the URL of a file: a client follows it immediately. */
const URL_SEC = 60;
const DIGEST = /^[0-9a-f]{64}$/;

/** The files of evidence by their digest. */
export interface EvidenceStore {
  readonly place: string;
  /** The last failure of the store; absent after a success. */
  readonly problem: string | undefined;
  /** Stores a file unless it is stored already, and calls `note` before the file could be removed again. */
  keep(file: EvidenceFile, note: () => Promise<void>): Promise<void>;
  /** Returns the number of bytes; `undefined` if they are missing. */
  head(sha256: string): Promise<{ readonly bytes: number } | undefined>;
  read(sha256: string, range?: OctetRange): AsyncIterable<Uint8Array>;
  /** Returns a URL with which a client can read a file for 60 s; `undefined` if clients read it through the hub. */
  urlOf(sha256: string, headers: DownloadHeaders): Promise<string | undefined>;
  /** Removes files that no row has. */
  remove(digests: readonly string[]): Promise<void>;
  /** Compares the store with the record: removes old files without a row, and notes rows without a file. */
  compare(): Promise<void>;
}

export interface EvidenceFile {
  readonly sha256: string;
  readonly bytes: number;
  read(): AsyncIterable<Uint8Array>;
}

export interface EvidenceStoreOptions {
  readonly blobs: Blobs;
  /** Whether clients download from the server of the blobs. */
  readonly isRedirecting: boolean;
  readonly record: Pick<EvidenceRecord, 'files'>;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Log;
}

export function evidenceStore({ blobs, isRedirecting, record, clock, log }: EvidenceStoreOptions): EvidenceStore {
  let problem: string | undefined;
  /** Each file is stored or removed by one caller at a time. */
  const alone = keyedTasks();
  const keyOf = (sha256: string): string => `${TENANT}/${sha256.slice(0, 2)}/${sha256}`;
  const noted = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      const result = await work();
      problem = undefined;
      return result;
    } catch (error) {
      if (error instanceof BlobError) problem = error.message;
      throw error;
    }
  };
  const head = (sha256: string) => noted(() => blobs.head(keyOf(sha256)));
  const remove: EvidenceStore['remove'] = async (digests) => {
    for (const sha256 of digests) {
      await alone(sha256, async () => {
        const [unused] = await record.files.unknown([sha256]);
        if (unused !== undefined) await noted(() => blobs.remove(keyOf(sha256)));
      });
    }
  };
  return {
    place: blobs.place,
    get problem() {
      return problem;
    },
    keep: (file, note) =>
      alone(file.sha256, async () => {
        if ((await head(file.sha256))?.bytes !== file.bytes) {
          const stored = await noted(() => blobs.put(keyOf(file.sha256), file.read()));
          if (stored.sha256 !== file.sha256) {
            await blobs.remove(keyOf(file.sha256));
            throw new Error('the file changed on the disk of the hub while it was stored');
          }
        }
        await note();
      }),
    head,
    read: async function* (sha256, range) {
      yield* await noted(() => blobs.get(keyOf(sha256), range));
    },
    urlOf: async (sha256, headers) =>
      isRedirecting ? noted(() => blobs.presign('get', keyOf(sha256), URL_SEC, headers)) : undefined,
    remove,
    compare: async () => {
      const missing = new Set(await record.files.digests());
      let old: string[] = [];
      const flush = async (): Promise<void> => {
        const unknown = await record.files.unknown(old);
        old = [];
        if (unknown.length > 0) log('info', `removes ${unknown.length} files without a record from ${blobs.place}`);
        await remove(unknown);
      };
      for await (const { key, storedMs } of blobs.list(`${TENANT}/`)) {
        const sha256 = key.split('/').at(-1) ?? '';
        missing.delete(sha256);
        if (DIGEST.test(sha256) && storedMs < clock.wallMs() - UNKNOWN_MS) old.push(sha256);
        if (old.length >= MAX_TOGETHER) await flush();
      }
      await flush();
      for (const sha256 of missing) {
        // It may have been stored after the list began.
        if (await head(sha256)) continue;
        log('error', `the file ${sha256} is missing in ${blobs.place}`);
        await record.files.lost(sha256);
      }
    },
  };
}

/** Returns why a store failed, for the reason of a transfer. */
export const storeProblem = (error: unknown): string => `the hub cannot store it: ${errorMessage(error)}`;
