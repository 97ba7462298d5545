import { createHash } from 'node:crypto';
import { dirname } from 'node:path';
import { type Files, NotExact, type WritableFiles } from '@medkit/edges';
import { type ArtifactFile, MANIFEST_FILE, type Manifest, SIGNATURE_FILE } from '../artifact/manifest.ts';
import type { VerifiedArtifact } from '../artifact/verify-artifact.ts';
import { updateRefusal } from '../update-refusal.ts';

export interface ReadingOptions {
  readonly files: Files & WritableFiles;
  readonly signal: AbortSignal;
  /** Called with the number of bytes read. */
  readonly onOctets: (octets: number) => void;
}

const READABLE = 0o644;

/**
 * Copies an artifact into the new folder `to`, and checks each file during the copy. When this resolves, the copy is on
 * disk.
 */
export async function copyArtifact(
  { manifest, octets, signature }: VerifiedArtifact,
  from: string,
  to: string,
  options: ReadingOptions,
): Promise<void> {
  const { files } = options;
  const folders = foldersOf(manifest);
  for (const folder of folders) await files.makeFolder(pathIn(to, folder));
  for (const file of manifest.files) {
    const path = `${to}/${file.path}`;
    await files.writeContent(
      path,
      Number.parseInt(file.mode, 8),
      checkedContent(`${from}/${file.path}`, file, options),
    );
  }
  await files.writeContent(`${to}/${MANIFEST_FILE}`, READABLE, once(octets));
  if (signature) await files.writeContent(`${to}/${SIGNATURE_FILE}`, READABLE, once(signature));
  for (const folder of folders.toReversed()) await files.syncFolder(pathIn(to, folder));
}

/** Throws `x-medkit-update-refused` if a file of the folder differs from the manifest. */
export async function checkFolder({ files: listed }: Manifest, folder: string, options: ReadingOptions): Promise<void> {
  for (const file of listed) {
    for await (const _ of checkedContent(`${folder}/${file.path}`, file, options));
  }
}

/**
 * Returns why a folder does not consist of exactly the files of its manifest, each with its mode; `undefined` if it
 * does.
 */
export async function folderMismatch(
  { files: listed }: Manifest,
  folder: string,
  files: Pick<Files, 'filesBelow'>,
): Promise<string | undefined> {
  const modes = new Map(listed.map(({ path, mode }) => [path, Number.parseInt(mode, 8)]));
  try {
    const stranger = (await files.filesBelow(folder)).find(
      ({ path, mode }) => path !== MANIFEST_FILE && path !== SIGNATURE_FILE && modes.get(path) !== mode,
    );
    return stranger && `${stranger.path} is not in the signed manifest, or has another mode`;
  } catch (error) {
    if (error instanceof NotExact) return error.message;
    throw error;
  }
}

/** Reads a file, and throws at its end or earlier if it differs from the manifest. */
async function* checkedContent(
  path: string,
  { path: name, size, sha256 }: ArtifactFile,
  { files, signal, onOctets }: ReadingOptions,
): AsyncIterable<Uint8Array> {
  const hash = createHash('sha256');
  let read = 0;
  const chunks = files.readContent(path);
  try {
    for await (const chunk of chunks) {
      signal.throwIfAborted();
      read += chunk.length;
      if (read > size) break;
      hash.update(chunk);
      onOctets(chunk.length);
      yield chunk;
    }
  } catch (error) {
    if (error instanceof NotExact)
      throw updateRefusal('artifact', `${name} is not a file of the artifact: ${error.message}`);
    throw error;
  }
  if (read !== size) throw updateRefusal('digest', `the size of ${name} is not ${size} bytes as in the manifest`);
  if (hash.digest('hex') !== sha256) throw updateRefusal('digest', `SHA-256 of ${name} differs from the manifest`);
}

/** Returns all folders of a release, parents first, starting with `.`. */
function foldersOf({ files }: Manifest): readonly string[] {
  const folders = new Set(['.']);
  for (const { path } of files) {
    for (let folder = dirname(path); folder !== '.'; folder = dirname(folder)) folders.add(folder);
  }
  return [...folders].sort();
}

function pathIn(folder: string, path: string): string {
  return path === '.' ? folder : `${folder}/${path}`;
}

async function* once(octets: Uint8Array): AsyncIterable<Uint8Array> {
  yield octets;
}
