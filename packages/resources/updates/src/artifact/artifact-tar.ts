import { createHash } from 'node:crypto';
import type { Files } from '@medkit/edges';
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, readManifest, SIGNATURE_FILE } from './manifest.ts';
import { encodeFileHeader, paddingOf, TAR_BLOCK } from './tar-header.ts';
import { MAX_SIGNATURE_BYTES } from './verify-artifact.ts';

/** An artifact as a tar archive. The same artifact has the same bytes at any time, so that a transfer can continue. */
export interface ArtifactTar {
  /** Id of the update in the manifest. */
  readonly id: string;
  /** Bytes of the archive. */
  readonly size: number;
  /** SHA-256 of the archive, hexadecimal. */
  readonly sha256: string;
  /** Reads the archive from an offset to its end. Throws if a file has another size than in the manifest. */
  read(from: number): AsyncIterable<Uint8Array>;
}

type ReadFiles = Pick<Files, 'read' | 'readExact' | 'stateOf'>;

/** A file of the archive: its path and size, and its content if it is in memory. */
interface Member {
  readonly path: string;
  readonly size: number;
  readonly content?: Uint8Array;
}

/** Two blocks of zeros end an archive. */
const END_BYTES = 2 * TAR_BLOCK;

/**
 * Opens the artifact in a folder as an archive of its manifest, its signature and the listed files. Throws if the folder
 * is no artifact.
 */
export async function artifactTar(folder: string, files: ReadFiles): Promise<ArtifactTar> {
  const manifest = await files.readExact(`${folder}/${MANIFEST_FILE}`, MAX_MANIFEST_BYTES);
  if (!manifest) throw new Error(`there is no ${MANIFEST_FILE} in ${folder}: create it with \`medkit update pack\``);
  const { id, files: listed } = readManifest(manifest);
  const signature = await files.readExact(`${folder}/${SIGNATURE_FILE}`, MAX_SIGNATURE_BYTES);
  const members: readonly Member[] = [
    { path: MANIFEST_FILE, size: manifest.length, content: manifest },
    ...(signature ? [{ path: SIGNATURE_FILE, size: signature.length, content: signature }] : []),
    ...listed.map(({ path, size }) => ({ path, size })),
  ];
  const hash = createHash('sha256');
  let size = 0;
  for await (const bytes of archive(members, folder, files, 0)) {
    hash.update(bytes);
    size += bytes.length;
  }
  return { id, size, sha256: hash.digest('hex'), read: (from) => archive(members, folder, files, from) };
}

async function* archive(
  members: readonly Member[],
  folder: string,
  files: ReadFiles,
  from: number,
): AsyncGenerator<Uint8Array> {
  let skip = from;
  /** Returns the part of some bytes after the offset. */
  const rest = (bytes: Uint8Array): Uint8Array => {
    const part = bytes.subarray(Math.min(skip, bytes.length));
    skip = Math.max(0, skip - bytes.length);
    return part;
  };
  for (const { path, size, content } of members) {
    yield rest(encodeFileHeader(path, size));
    if (content) yield rest(content);
    else {
      const first = Math.min(skip, size);
      skip -= first;
      yield* contentOf(path, `${folder}/${path}`, { first, size }, files);
    }
    yield rest(new Uint8Array(paddingOf(size)));
  }
  yield rest(new Uint8Array(END_BYTES));
}

async function* contentOf(
  name: string,
  path: string,
  { first, size }: { readonly first: number; readonly size: number },
  files: ReadFiles,
): AsyncGenerator<Uint8Array> {
  const found = await files.stateOf(path);
  if (found?.bytes !== size) {
    const present = found ? `has ${found.bytes} bytes` : 'is missing';
    throw new Error(`${name} ${present}, but ${size} bytes in ${MANIFEST_FILE}: run \`medkit update pack\` again`);
  }
  if (first === size) return;
  yield* files.read(path, { first, last: size - 1 });
}
