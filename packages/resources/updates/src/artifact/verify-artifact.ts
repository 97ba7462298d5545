import { createHash, type KeyObject } from 'node:crypto';
import { type Files, NotExact } from '@medkit/edges';
import { updateRefusal } from '../update-refusal.ts';
import { MANIFEST_FILE, MAX_MANIFEST_BYTES, type Manifest, readManifest, SIGNATURE_FILE } from './manifest.ts';
import { isSigned, signatureOctets } from './signature.ts';

/** The trusted keys. */
export interface Trust {
  readonly keys: readonly KeyObject[];
  /** Whether an artifact without a signature is accepted. */
  readonly allowUnsigned: boolean;
}

/** Expected properties of an artifact. */
export interface Expected {
  readonly id: string;
  readonly target: string;
  readonly version?: string;
  /** SHA-256 of its manifest, hexadecimal. */
  readonly sha256?: string;
  /** Base64; used instead of the signature file of the artifact. */
  readonly signature?: string;
}

/** An artifact with a verified manifest. Its files are not checked yet. */
export interface VerifiedArtifact {
  readonly manifest: Manifest;
  /** The manifest as it was signed. */
  readonly octets: Uint8Array;
  /** Absent if the artifact is not signed. */
  readonly signature?: Uint8Array;
}

export const MAX_SIGNATURE_BYTES = 1024;

/**
 * Reads and verifies the manifest of an artifact. Throws `x-medkit-update-refused` if no trusted key signed it, or if
 * it is another artifact or for another target than registered.
 */
export async function verifyArtifact(
  folder: string,
  files: Files,
  expected: Expected,
  trust: Trust,
): Promise<VerifiedArtifact> {
  const octets = await readIn(folder, MANIFEST_FILE, MAX_MANIFEST_BYTES, files);
  if (!octets)
    throw updateRefusal('artifact', `There is no ${MANIFEST_FILE} in ${folder}: copy the artifact to this folder`);
  const digest = createHash('sha256').update(octets).digest('hex');
  if (expected.sha256 !== undefined && expected.sha256 !== digest) {
    throw updateRefusal('digest', `SHA-256 of ${MANIFEST_FILE} is ${digest}, not ${expected.sha256} as registered`);
  }
  const raw = expected.signature ?? (await readIn(folder, SIGNATURE_FILE, MAX_SIGNATURE_BYTES, files));
  const signature = checkedSignature(octets, raw, trust);
  const manifest = readManifest(octets);
  assertIdentity(manifest, expected);
  return { manifest, octets, ...(signature && { signature }) };
}

async function readIn(folder: string, name: string, maxBytes: number, files: Files) {
  try {
    return await files.readExact(`${folder}/${name}`, maxBytes);
  } catch (error) {
    if (error instanceof NotExact) throw updateRefusal('artifact', `The artifact cannot be read: ${error.message}`);
    throw error;
  }
}

/** Verifies the signature before anything that it covers is read. */
function checkedSignature(
  octets: Uint8Array,
  raw: string | Uint8Array | undefined,
  { keys, allowUnsigned }: Trust,
): Uint8Array | undefined {
  if (raw === undefined && allowUnsigned) return undefined;
  if (keys.length === 0) {
    throw updateRefusal('signature', 'No signer is trusted: set updates.trusted_keys, then prepare the update again');
  }
  if (raw === undefined)
    throw updateRefusal('signature', `The artifact is not signed: there is no ${SIGNATURE_FILE} in it`);
  const signature = signatureOctets(raw);
  if (!signature)
    throw updateRefusal('signature', 'The signature of the artifact is not an Ed25519 signature of 64 bytes');
  if (!isSigned(octets, signature, keys)) {
    throw updateRefusal(
      'signature',
      `${MANIFEST_FILE} was changed after it was signed, or not signed with a trusted key`,
    );
  }
  return signature;
}

function assertIdentity({ id, version, target }: Manifest, expected: Expected): void {
  if (id !== expected.id)
    throw updateRefusal('identity', `The artifact belongs to update ${id}, not to ${expected.id}`);
  if (target !== expected.target) {
    throw updateRefusal('identity', `The artifact is for ${target}, but updates.target is ${expected.target}`);
  }
  if (expected.version !== undefined && version !== expected.version) {
    throw updateRefusal('identity', `The artifact is version ${version}, not ${expected.version} as registered`);
  }
}
