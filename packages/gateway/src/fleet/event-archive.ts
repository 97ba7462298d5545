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
  readonly files: Pick<Files, 'list' | 'stateOf'> & Pick<WritableFiles, 'remove' | 'syncFolder' | 'write'>;
}

/** Returns an archive of events in compressed files of a folder, which is created with the first one. */
export function eventArchive({ folder, files }: ArchiveOptions): EventArchive {
  /** Paths of the files, those with the oldest events first. Other files in the folder belong to the user. */
  const archived = async (): Promise<readonly string[]> =>
    (await files.list(folder))
      .flatMap(({ name, isDirectory }) => {
        const first = isDirectory ? undefined : /^events-(\d+)-\d+\.ndjson\.gz$/.exec(name)?.[1];
        return first === undefined ? [] : [{ path: join(folder, name), first: Number(first) }];
      })
      .sort((one, other) => one.first - other.first)
      .map(({ path }) => path);
  return {
    store: async (name, lines) => {
      const path = join(folder, `${name}.gz`);
      // An earlier attempt may have left a part of it.
      await files.remove(path);
      await pipeline(lines, createGzip(), (compressed) => files.write(path, compressed));
      await files.syncFolder(folder);
      for (const oldest of (await archived()).slice(0, -MAX_ARCHIVE_FILES)) await files.remove(oldest);
    },
    removeBefore: async (beforeMs) => {
      for (const path of await archived()) {
        const state = await files.stateOf(path);
        if (state && state.modifiedMs < beforeMs) await files.remove(path);
      }
    },
  };
}
