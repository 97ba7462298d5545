import type { Blobs } from '@medkit/blobs';
import { errorMessage, type Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { artifactKey, type Fleet } from '@medkit/fleet';
import { type ArchiveSink, checkArchive } from '@medkit/updates/transfer';
import { reached } from '../blobs/blob-failures.ts';
import { keyedTasks } from '../blobs/keyed-tasks.ts';
import { answered } from '../fleet-replies.ts';

/** Begins the keys of all artifacts. */
const PREFIX = artifactKey('');
/** Age at which an archive without a row is removed: its row may follow. */
const UNKNOWN_MS = 86_400_000;

export interface ArtifactSinkOptions {
  readonly artifacts: Fleet['artifacts'];
  readonly blobs: Blobs;
  readonly clock: Pick<Clock, 'wallMs'>;
  readonly log: Log;
}

/** Stores the archives of artifacts in the blobs of a hub, and their rows in its record. */
export interface ArtifactSink extends ArchiveSink {
  /** Removes an artifact with its archive. Throws as `artifacts.remove`. */
  remove(name: string): Promise<void>;
  /** Compares blobs and record: removes old archives without a row, and logs rows without an archive. */
  compare(): Promise<void>;
}

export function artifactSink({ artifacts, blobs, clock, log }: ArtifactSinkOptions): ArtifactSink {
  const alone = keyedTasks();
  /** Removes an archive that no row has. If that fails, the next comparison removes it. */
  const drop = async (sha256: string): Promise<void> => {
    try {
      if (!(await artifacts.digests()).has(sha256)) await blobs.remove(artifactKey(sha256));
    } catch (error) {
      log('warn', `the archive ${sha256} of an artifact cannot be removed: ${errorMessage(error)}`);
    }
  };
  return {
    place: 'hub',
    has: async (id, { sha256, total }) => {
      const found = await answered(() => artifacts.read(id));
      if (found?.sha256 !== sha256) return false;
      return (await reached(() => blobs.head(artifactKey(sha256))))?.bytes === total;
    },
    add: (id, { sha256, total }, read, by) =>
      alone(id, async () => {
        const { manifestSha256 } = await checkArchive(read(), { id, sha256 });
        try {
          const stored = await reached(() => blobs.put(artifactKey(sha256), read()));
          if (stored.sha256 !== sha256)
            throw new Error('the archive changed on the disk of the hub while it was stored');
          const artifact = { name: id, sha256, bytes: total, manifestSha256 };
          const replaced = await answered(() => artifacts.put(artifact, by));
          if (replaced !== undefined) await drop(replaced);
        } catch (error) {
          await drop(sha256);
          throw error;
        }
      }),
    remove: (name) => alone(name, async () => drop(await answered(() => artifacts.remove(name)))),
    compare: async () => {
      const missing = new Set(await artifacts.digests());
      for await (const { key, storedMs } of blobs.list(PREFIX)) {
        const sha256 = key.slice(PREFIX.length);
        if (!missing.delete(sha256) && storedMs < clock.wallMs() - UNKNOWN_MS) await drop(sha256);
      }
      for (const sha256 of missing) {
        // It may have been stored after the list began.
        if (await blobs.head(artifactKey(sha256))) continue;
        log('error', `the archive ${sha256} of an artifact is missing in ${blobs.place}: send the artifact again`);
      }
    },
  };
}
