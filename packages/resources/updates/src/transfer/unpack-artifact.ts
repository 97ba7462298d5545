import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import type { Files, WritableFiles } from '@medkit/edges';
import { isInside, MANIFEST_FILE, MAX_MANIFEST_BYTES, RECEIVED_FILE, readManifest } from '../artifact/manifest.ts';
import { updateRefusal } from '../update-refusal.ts';
import { assertDigest, assertIdentity } from './check-archive.ts';
import { hashed } from './hashed.ts';
import { readTar } from './read-tar.ts';

/** The modes of installed files come from the manifest. */
const READABLE = 0o644;
/** Errors of the file system if an archive has a path twice, or as both a file and a folder. */
const COLLISIONS = ['EEXIST', 'ENOTDIR', 'EISDIR'];

export interface UnpackOptions {
  readonly id: string;
  /** Declared SHA-256 of the archive, hexadecimal. */
  readonly sha256: string;
  /** Content of the file that records the transfer. */
  readonly record: string;
  readonly files: Files & WritableFiles;
}

/**
 * Unpacks an archive into the new folder `to`. When this resolves, the folder is on disk and the archive has the declared
 * digest. Throws `x-medkit-update-refused` if it has another one, or is no artifact of this update.
 */
export async function unpackArtifact(
  archive: AsyncIterable<Uint8Array>,
  to: string,
  { id, sha256, record, files }: UnpackOptions,
): Promise<void> {
  const hash = createHash('sha256');
  const folders = new Set(['.']);
  await files.makeFolder(to);
  try {
    for await (const { path, content } of readTar(hashed(archive, hash))) {
      if (!isInside(path)) {
        const name = JSON.stringify(path.slice(0, 100));
        throw updateRefusal('artifact', `The transferred artifact has an invalid path: ${name}`);
      }
      if (path === RECEIVED_FILE) continue;
      for (let folder = dirname(path); !folders.has(folder); folder = dirname(folder)) folders.add(folder);
      await files.makeFolder(`${to}/${dirname(path)}`);
      await files.writeContent(`${to}/${path}`, READABLE, content);
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (!COLLISIONS.includes(String(code))) throw error;
    throw updateRefusal('artifact', `The transferred artifact has two files at one path: ${message}`);
  }
  assertDigest(hash.digest('hex'), sha256);
  const manifest = await files.readExact(`${to}/${MANIFEST_FILE}`, MAX_MANIFEST_BYTES);
  if (!manifest) throw updateRefusal('artifact', `The transferred artifact has no ${MANIFEST_FILE} at its top level`);
  assertIdentity(readManifest(manifest).id, id);
  await files.writeContent(`${to}/${RECEIVED_FILE}`, READABLE, once(Buffer.from(record)));
  for (const folder of [...folders].sort().toReversed())
    await files.syncFolder(folder === '.' ? to : `${to}/${folder}`);
}

async function* once(bytes: Uint8Array): AsyncIterable<Uint8Array> {
  yield bytes;
}
