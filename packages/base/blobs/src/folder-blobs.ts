import { join } from 'node:path';
import type { Files, WritableFiles } from '@medkit/edges';
import { BlobError } from './blob-error.ts';
import { type Blobs, checkKey, type ListedBlob } from './blobs.ts';
import { digested } from './digest.ts';

/** Ending of a file that is not complete yet. No key has it. */
const PART = '.part';

export interface FolderBlobsOptions {
  /** Absolute path. Created with the first content. */
  readonly folder: string;
  readonly files: Pick<Files, 'list' | 'read' | 'stateOf'> & Pick<WritableFiles, 'move' | 'remove' | 'write'>;
}

/**
 * Stores each key as the file of its path below a folder, for one process. Content is written beside its place, brought to
 * disk, and moved, so that a key has its whole content or none. Parts of a process that was killed are not listed; the next
 * `list` over all keys removes them.
 */
export function folderBlobs({ folder, files }: FolderBlobsOptions): Blobs {
  /** Files that are being written: `list` must not remove them. */
  const writing = new Set<string>();
  let parts = 0;
  const pathOf = (key: string): string => {
    checkKey(key);
    return join(folder, key);
  };
  const headOf = async (path: string) => {
    const state = await files.stateOf(path);
    return state?.isFile ? { bytes: state.bytes } : undefined;
  };
  async function* listed(below: string): AsyncGenerator<ListedBlob> {
    for (const { name, isDirectory } of await files.list(join(folder, below))) {
      const key = below === '' ? name : `${below}/${name}`;
      const path = join(folder, key);
      if (isDirectory) yield* listed(key);
      else if (name.endsWith(PART)) {
        if (!writing.has(path)) await files.remove(path);
      } else {
        const state = await files.stateOf(path);
        if (state?.isFile) yield { key, bytes: state.bytes, storedMs: Math.floor(state.modifiedMs) };
      }
    }
  }
  return {
    place: folder,
    put: async (key, chunks) => {
      const path = pathOf(key);
      parts += 1;
      const part = `${path}.${parts}${PART}`;
      const content = digested(chunks);
      writing.add(part);
      try {
        await failing(folder, async () => {
          await files.remove(part);
          await files.write(part, content.chunks);
          await files.move(part, path);
        });
        return content.result();
      } catch (error) {
        await files.remove(part).catch(() => undefined);
        throw error;
      } finally {
        writing.delete(part);
      }
    },
    get: async (key, range) => {
      const path = pathOf(key);
      return failing(folder, async () => {
        if (await headOf(path)) return files.read(path, range);
        throw new BlobError('missing', `${folder} has no content of ${key}`);
      });
    },
    head: (key) => failing(folder, () => headOf(pathOf(key))),
    remove: (key) => failing(folder, () => files.remove(pathOf(key))),
    presign: async (_method, key) => {
      checkKey(key);
      return undefined;
    },
    list: async function* (prefix) {
      for await (const blob of listed('')) if (blob.key.startsWith(prefix)) yield blob;
    },
  };
}

const REMEDIES: Readonly<Record<string, readonly [BlobError['failure'], string]>> = {
  ENOSPC: ['full', 'no space is left: free space, or set fleet.evidence to a larger disk or a bucket'],
  EDQUOT: ['full', 'the disk quota of this user is used up: raise it, or set fleet.evidence to another folder'],
  EACCES: ['access', 'this user may not use it: change its owner or its permissions'],
  EPERM: ['access', 'this user may not use it: change its owner or its permissions'],
  EROFS: ['access', 'the file system is read-only: mount it writable, or set fleet.evidence to another folder'],
  ENOTDIR: ['bucket', 'a part of its path is not a folder: set fleet.evidence to another folder'],
};

/** Converts errors of the system to `BlobError`. Errors of the source of the content stay. */
async function failing<T>(folder: string, work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    const { code = '', syscall, message } = error as NodeJS.ErrnoException;
    const known = REMEDIES[code];
    if (known) throw new BlobError(known[0], `Cannot use the folder ${folder}: ${known[1]} (${code})`);
    if (code === '' || syscall === undefined) throw error;
    throw new BlobError('failed', `Cannot use the folder ${folder}: ${message}`);
  }
}
