import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createGzip } from 'node:zlib';
import type { Files, WritableFiles } from '@medkit/edges';
import type { EventArchive } from '@medkit/fleet';

/** Files of the archive, of up to 5,000 events each; the oldest are removed. Together at most some 2 GB. */
const MAX_ARCHIVE_FILES = 2000;

interface ArchiveOptions {
  /** Absolute. */
  readonly folder: string;
  readonly files: Pick<Files, 'list'> & Pick<WritableFiles, 'remove' | 'syncFolder' | 'write'>;
}

/** Returns an archive of events in compressed files of a folder, which is created with the first one. */
export function eventArchive({ folder, files }: ArchiveOptions): EventArchive {
  return async (name, lines) => {
    const path = join(folder, `${name}.gz`);
    // An earlier attempt may have left a part of it.
    await files.remove(path);
    await pipeline(lines, createGzip(), (compressed) => files.write(path, compressed));
    await files.syncFolder(folder);
    const names = (await files.list(folder)).filter((entry) => !entry.isDirectory).map((entry) => entry.name);
    const oldest = names.sort((one, other) => firstOf(one) - firstOf(other)).slice(0, -MAX_ARCHIVE_FILES);
    for (const each of oldest) await files.remove(join(folder, each));
  };
}

/** Returns the number of the first event of a file. */
const firstOf = (name: string): number => Number(/^events-(\d+)-/.exec(name)?.[1] ?? Number.POSITIVE_INFINITY);
