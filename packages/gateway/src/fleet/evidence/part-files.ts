import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type { Files, WritableFiles } from '@medkit/edges';

/** Digits of the offset in the name of a part, so that names sort by it. */
const OFFSET_DIGITS = 13;
const NAME = new RegExp(`^\\d{${OFFSET_DIGITS}}$`);

/** The parts of files whose transfer has not ended, in a folder of this hub. */
export interface PartFiles {
  /** Returns the number of bytes from the beginning of the file. */
  bytes(id: number): Promise<number>;
  /** Stores the bytes that follow. They are on disk when it resolves. */
  add(id: number, offset: number, chunks: readonly Uint8Array[]): Promise<void>;
  /** Reads the parts in their order. */
  read(id: number): AsyncIterable<Uint8Array>;
  /** Returns the SHA-256 of all parts, hexadecimal. */
  digest(id: number): Promise<string>;
  remove(id: number): Promise<void>;
  /** Returns the ids of which there are parts. */
  ids(): Promise<readonly number[]>;
  /** Returns the free bytes of the disk. */
  free(): Promise<number>;
}

/**
 * Opens the parts below a folder. Each part is a separate file, which is brought to disk under another name first: after a
 * power failure a part is whole or absent.
 */
export function partFiles(folder: string, files: Files & WritableFiles): PartFiles {
  const folderOf = (id: number): string => join(folder, String(id));
  /** Parts without a gap from the beginning. */
  const parts = async (id: number) => {
    const found: { readonly path: string; readonly bytes: number }[] = [];
    let offset = 0;
    for (const { name } of await files.list(folderOf(id))) {
      if (!NAME.test(name) || Number(name) !== offset) continue;
      const path = join(folderOf(id), name);
      const bytes = (await files.stateOf(path))?.bytes ?? 0;
      found.push({ path, bytes });
      offset += bytes;
    }
    return { found, bytes: offset };
  };
  async function* read(id: number): AsyncGenerator<Uint8Array> {
    for (const { path } of (await parts(id)).found) yield* files.read(path);
  }
  return {
    bytes: async (id) => (await parts(id)).bytes,
    add: async (id, offset, chunks) => {
      const path = join(folderOf(id), String(offset).padStart(OFFSET_DIGITS, '0'));
      await files.remove(`${path}.new`);
      await files.write(`${path}.new`, each(chunks));
      await files.move(`${path}.new`, path);
    },
    read,
    digest: async (id) => {
      const hash = createHash('sha256');
      for await (const chunk of read(id)) hash.update(chunk);
      return hash.digest('hex');
    },
    remove: (id) => files.remove(folderOf(id)),
    ids: async () => {
      const entries = await files.list(folder);
      return entries.flatMap(({ name }) => (/^\d{1,15}$/.test(name) ? [Number(name)] : []));
    },
    free: async () => {
      await files.makeFolder(folder);
      return files.freeBytes(folder);
    },
  };
}

async function* each(chunks: readonly Uint8Array[]): AsyncGenerator<Uint8Array> {
  yield* chunks;
}
