import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto';
import type { Files, WritableFiles } from '@medkit/edges';
import {
  type ArtifactFile,
  MANIFEST_FILE,
  MANIFEST_FORMAT,
  type Manifest,
  RECEIVED_FILE,
  readManifest,
  SIGNATURE_FILE,
} from './manifest.ts';

const NO_CONTENT: ReadonlySet<string> = new Set([MANIFEST_FILE, SIGNATURE_FILE, RECEIVED_FILE]);

export interface PackOptions {
  /** Absolute path without links: the files to be installed. */
  readonly folder: string;
  readonly id: string;
  readonly version: string;
  readonly target: string;
  readonly epoch?: number;
  /** Absent: the artifact is not signed. */
  readonly key?: KeyObject;
  readonly files: Files & WritableFiles;
}

/** Result of packing. */
export interface Packed {
  readonly manifest: Manifest;
  /** SHA-256 of the manifest, hexadecimal. */
  readonly sha256: string;
}

/** Parses a private Ed25519 key from PEM. Throws a one-line error for anything else. */
export function privateKey(pem: string): KeyObject {
  let key: KeyObject;
  try {
    key = createPrivateKey(pem);
  } catch {
    throw new Error('it is not a private key in PEM format, or it has a passphrase');
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key of ${key.asymmetricKeyType}, not of Ed25519`);
  return key;
}

/** Turns a folder into an artifact: writes its manifest and signature next to the files, replacing existing ones. */
export async function packArtifact({ folder, key, files, ...identity }: PackOptions): Promise<Packed> {
  const listed: ArtifactFile[] = [];
  for (const { path, mode } of await files.filesBelow(folder)) {
    if (NO_CONTENT.has(path)) continue;
    listed.push({ path, ...(await measured(files.readContent(`${folder}/${path}`))), mode: modeText(mode) });
  }
  const manifest: Manifest = { format: MANIFEST_FORMAT, ...identity, files: listed };
  const text = `${JSON.stringify(manifest, undefined, 1)}\n`;
  const octets = Buffer.from(text);
  // Checks that the artifact can be installed before it is signed.
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

/**
 * Returns the usual installation permissions: executable for all if the owner may execute it, writable only by the
 * owner.
 */
function modeText(mode: number): string {
  return mode & 0o100 ? '0755' : '0644';
}
