import { join } from 'node:path';
import { FAULT_TABLES } from '@medkit/faults';
import { BagUnreadable } from '@medkit/faults/reading';
import { type CatalogueRecording, recordingOfRow, recordingsSince } from '@medkit/faults/replay';
import { readDatabaseFile } from '@medkit/store';
import { openBag } from '../../bag/open-bag.ts';
import { hasTable, type RecordFiles } from '../read-record.ts';
import { MAX_BAGS, type NamedBag } from './merge-bags.ts';

/** Maximum recordings that the catalogue lists; see `MAX_LISTED` of the catalogue. */
const MAX_FOUND = 1000;
/** Maximum bytes of the replayed recordings: a robot reads them in the 28 s of a request. */
export const MAX_REPLAYED_BYTES = 512 * 1024 * 1024;

/** A recording that cannot be read, or not to its end. */
export interface UnreadableBag {
  readonly recording: string;
  readonly reason: string;
}

/** The recordings of a fault database for a replay. */
export interface StoredBags {
  readonly bags: readonly NamedBag[];
  readonly unreadable: readonly UnreadableBag[];
  /** Number of recordings beyond the limits, the oldest. */
  readonly omitted: number;
}

/**
 * Opens the recordings of a fault database that were created since a time, the newest up to the limits. Each is closed
 * with `resources`. A recording that cannot be opened is named with the reason. Rejects with a `StoreError`.
 */
export async function openStoredBags(
  { dataFolder, faultDatabase }: RecordFiles,
  sinceMs: number,
  resources: AsyncDisposableStack,
): Promise<StoredBags> {
  const database = { path: faultDatabase, lockPath: join(dataFolder, 'gateway.lock'), migrations: FAULT_TABLES };
  const { sql, parameters } = recordingsSince(BigInt(Math.floor(sinceMs)) * 1_000_000n, MAX_FOUND);
  const found = await readDatabaseFile(database, (read) =>
    hasTable(read, 'rosbag_files') ? read(sql, parameters).map(recordingOfRow) : [],
  );
  const chosen = withinLimits(found);
  const bags: NamedBag[] = [];
  const unreadable: UnreadableBag[] = [];
  for (const { id, path } of chosen) {
    try {
      const bag = await openBag(path);
      resources.defer(() => bag.close());
      bags.push({ name: id, bag });
    } catch (error) {
      unreadable.push({ recording: id, reason: reasonOf(error) });
    }
  }
  return { bags, unreadable, omitted: found.length - chosen.length };
}

/** Returns the first recordings within the limits of one replay; the newest even if it alone is larger. */
export function withinLimits<Recording extends Pick<CatalogueRecording, 'octets'>>(
  found: readonly Recording[],
): readonly Recording[] {
  let bytes = 0;
  const end = found.findIndex(({ octets }, at) => {
    bytes += octets;
    return at >= MAX_BAGS || (at > 0 && bytes > MAX_REPLAYED_BYTES);
  });
  return end < 0 ? found : found.slice(0, end);
}

/** Returns why a recording cannot be read. Throws errors that are neither of the file system nor of its format. */
function reasonOf(error: unknown): string {
  if (error instanceof BagUnreadable) return error.message;
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOENT') return 'its files are missing';
  if (code === undefined) throw error;
  return `its files cannot be read (${code})`;
}
