import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** RFC 8410: what stands before the 32 octets of an Ed25519 key where it says of itself what it is. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_OCTETS = 32;
const SIGNATURE_OCTETS = 64;

/**
 * A public Ed25519 key: PEM, or base64 of the key with or without what it is. Throws an error of one line for anything else,
 * for a private key above all.
 */
export function publicKey(text: string): KeyObject {
  const trimmed = text.trim();
  if (/PRIVATE KEY/.test(trimmed)) throw new Error('it is a private key, which belongs to whoever signs alone');
  const key = trimmed.startsWith('-----BEGIN') ? created(trimmed) : created(derOf(trimmed));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key of ${key.asymmetricKeyType}, not of Ed25519`);
  return key;
}

/** The octets of a signature, which is kept as it is or as base64; `undefined` where it can be none. */
export function signatureOctets(given: string | Uint8Array): Uint8Array | undefined {
  if (typeof given !== 'string' && given.length === SIGNATURE_OCTETS) return given;
  const text = (typeof given === 'string' ? given : Buffer.from(given).toString('latin1')).trim();
  const octets = Buffer.from(text, 'base64');
  return octets.length === SIGNATURE_OCTETS ? octets : undefined;
}

/** Whether one of these keys made the signature. */
export function isSigned(octets: Uint8Array, signature: Uint8Array, keys: readonly KeyObject[]): boolean {
  return keys.some((key) => verify(null, octets, key, signature));
}

function created(key: string | Buffer): KeyObject {
  try {
    return typeof key === 'string' ? createPublicKey(key) : createPublicKey({ key, format: 'der', type: 'spki' });
  } catch {
    throw new Error('it is no public key');
  }
}

function derOf(text: string): Buffer {
  const octets = Buffer.from(text, 'base64');
  return octets.length === KEY_OCTETS ? Buffer.concat([SPKI_PREFIX, octets]) : octets;
}
