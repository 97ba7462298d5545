import { createHash } from 'node:crypto';
import {
  isInside,
  MANIFEST_FILE,
  MAX_MANIFEST_BYTES,
  type Manifest,
  RECEIVED_FILE,
  readManifest,
  SIGNATURE_FILE,
} from '../artifact/manifest.ts';
import { updateRefusal } from '../update-refusal.ts';
import { hashed } from './hashed.ts';
import { readTar } from './read-tar.ts';

/** What an archive must be. */
export interface ExpectedArchive {
  /** Id of the update. */
  readonly id?: string;
  /** SHA-256 of the archive, lowercase hexadecimal. */
  readonly sha256?: string;
}

/** An archive whose files are those of its manifest. Its signature is not verified. */
export interface CheckedArchive {
  readonly id: string;
  /** SHA-256 of the archive, lowercase hexadecimal. */
  readonly sha256: string;
  /** Bytes of the archive. */
  readonly bytes: number;
  /** SHA-256 of the manifest, lowercase hexadecimal. */
  readonly manifestSha256: string;
}

interface FoundFile {
  readonly size: number;
  readonly sha256: string;
}

/**
 * Reads an archive of an artifact to its end. Throws `x-medkit-update-refused` if it is malformed, is another one than
 * expected, or if its files differ from those of its manifest.
 */
export async function checkArchive(
  archive: AsyncIterable<Uint8Array>,
  expected: ExpectedArchive = {},
): Promise<CheckedArchive> {
  const hash = createHash('sha256');
  const found = new Map<string, FoundFile>();
  let manifest: Uint8Array | undefined;
  let bytes = 0;
  const counted = hashed(archive, {
    update: (chunk) => {
      hash.update(chunk);
      bytes += chunk.length;
    },
  });
  for await (const { path, content } of readTar(counted)) {
    if (!isInside(path)) throw refused(`has an invalid path: ${quoted(path)}`);
    if (path === RECEIVED_FILE) continue;
    if (found.has(path)) throw refused(`has two files at one path: ${quoted(path)}`);
    if (path !== MANIFEST_FILE) found.set(path, await fileOf(content));
    else {
      if (manifest) throw refused(`has two files at one path: ${MANIFEST_FILE}`);
      manifest = await manifestIn(content);
    }
  }
  const sha256 = hash.digest('hex');
  assertDigest(sha256, expected.sha256);
  if (!manifest) throw refused(`has no ${MANIFEST_FILE} at its top level`);
  const { id, files } = readManifest(manifest);
  assertIdentity(id, expected.id);
  assertFiles(files, found);
  return { id, sha256, bytes, manifestSha256: createHash('sha256').update(manifest).digest('hex') };
}

/** Throws `x-medkit-update-refused` unless an archive has the declared digest. */
export function assertDigest(found: string, declared: string | undefined): void {
  if (declared === undefined || found === declared) return;
  throw updateRefusal('digest', `SHA-256 of the transferred artifact is ${found}, not ${declared}: transfer it again`);
}

/** Throws `x-medkit-update-refused` if an archive belongs to another update. */
export function assertIdentity(found: string, id: string | undefined): void {
  if (id === undefined || found === id) return;
  throw updateRefusal('identity', `The transferred artifact belongs to update ${found}, not to ${id}`);
}

/** Throws unless the files of an archive are those of its manifest. */
function assertFiles(listed: Manifest['files'], found: ReadonlyMap<string, FoundFile>): void {
  for (const { path, size, sha256 } of listed) {
    const file = found.get(path);
    if (!file) throw differs(`${quoted(path)} is missing`);
    if (file.size !== size) throw differs(`${quoted(path)} has ${file.size} bytes, not ${size}`);
    if (file.sha256 !== sha256) throw differs(`SHA-256 of ${quoted(path)} is ${file.sha256}, not ${sha256}`);
  }
  const others = new Set(found.keys());
  for (const { path } of listed) others.delete(path);
  others.delete(SIGNATURE_FILE);
  const [unlisted] = others;
  if (unlisted !== undefined) throw differs(`${quoted(unlisted)} is not listed`);
}

async function fileOf(content: AsyncIterable<Uint8Array>): Promise<FoundFile> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of content) {
    hash.update(chunk);
    size += chunk.length;
  }
  return { size, sha256: hash.digest('hex') };
}

async function manifestIn(content: AsyncIterable<Uint8Array>): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of content) {
    size += chunk.length;
    if (size > MAX_MANIFEST_BYTES) throw refused(`has a ${MANIFEST_FILE} of more than ${MAX_MANIFEST_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}

const quoted = (path: string): string => JSON.stringify(path.slice(0, 100));

const refused = (problem: string) => updateRefusal('artifact', `The transferred artifact ${problem}`);

const differs = (problem: string) =>
  updateRefusal(
    'artifact',
    `The artifact differs from its ${MANIFEST_FILE}: ${problem}. Run \`medkit update pack\` again`,
  );
