import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Files, WritableFiles } from '@medkit/edges';
import {
  type ArtifactFile,
  MANIFEST_FILE,
  MANIFEST_FORMAT,
  type Manifest,
  readManifest,
  SIGNATURE_FILE,
} from './manifest.ts';

export interface PackOptions {
  /** Absolute, without links: the files as they are to be installed. */
  readonly folder: string;
  readonly id: string;
  readonly version: string;
  readonly target: string;
  readonly epoch?: number;
  /** Absent: it is not signed. */
  readonly key?: KeyObject;
  readonly files: Files & WritableFiles;
}

/** What was packed. */
export interface Packed {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, hexadecimal. */
  readonly sha256: string;
}

/** A private Ed25519 key from PEM. Throws an error of one line for anything else. */
export function privateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error('it is no private key in PEM, or one with a passphrase');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key of ${key.asymmetricKeyType}, not of Ed25519`);
  return key;
}

/** Makes an artifact of a folder: writes its manifest and signature beside the files, in the place of those that are there. */
export async function packArtifact({ folder, key, files, ...identity }: PackOptions): Promise<Packed> {
  const listed: ArtifactFile[] = [];
  for (const { path, mode } of await files.filesBelow(folder)) {
    if (path === MANIFEST_FILE || path === SIGNATURE_FILE) continue;
    listed.push({ path, ...(await measured(files.readContent(`${folder}/${path}`))), mode: modeText(mode) });
  }
  const manifest: Manifest = { format: MANIFEST_FORMAT, ...identity, files: listed };
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  const octets = Buffer.from(text);
  // Nothing is signed that could not be installed.
  readManifest(octets);
  await files.remove(`${folder}/${SIGNATURE_FILE}`);
  await files.replaceText(`${folder}/${MANIFEST_FILE}`, text);
  if (key) await files.replaceText(`${folder}/${SIGNATURE_FILE}`, `${sign(null, octets, key).toString('base64')}\n`);
  return { manifest, sha256: createHash('sha256').update(octets).digest('hex') };
}

async function measured(chunks: AsyncIterable<Uint8Array>): Promise<Pick<ArtifactFile, 'size' | 'sha256'>> {
  const hash = createHash('sha256');
  let size = 0;
  for await (const chunk of chunks) {
    size += chunk.length;
    hash.update(chunk);
  }
  return { size, sha256: hash.digest('hex') };
}

/** As everybody installs programs: what its owner may run all may run, and nobody else may write. */
function modeText(mode: number): string {
  return mode & 0o100 ? '0755' : '0644';
}
