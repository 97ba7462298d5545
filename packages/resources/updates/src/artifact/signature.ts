import { createPublicKey, type KeyObject, verify } from 'node:crypto';

/** RFC 8410: the SPKI prefix of the 32 bytes of an Ed25519 public key. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');
const KEY_OCTETS = 32;
const SIGNATURE_OCTETS = 64;

/**
 * Parses a public Ed25519 key: PEM, or base64 of the key with or without its SPKI prefix. Throws a one-line error for
 * anything else, especially for a private key.
 */
export function publicKey(text: string): KeyObject {
  const trimmed = text.trim();
  if (/PRIVATE KEY/.test(trimmed)) throw new Error('it is a private key: only the signer may have it');
  const key = trimmed.startsWith('-----BEGIN') ? created(trimmed) : created(derOf(trimmed));
  if (key.asymmetricKeyType !== 'ed25519') throw new Error(`it is a key of ${key.asymmetricKeyType}, not of Ed25519`);
  return key;
}

/** Returns the bytes of a signature, given as raw bytes or base64; `undefined` if it is no signature. */
export function signatureOctets(raw: string | Uint8Array): Uint8Array | undefined {
  if (typeof raw !== 'string' && raw.length === SIGNATURE_OCTETS) return raw;
  const text = (typeof raw === 'string' ? raw : Buffer.from(raw).toString('latin1')).trim();
  const octets = Buffer.from(text, 'base64');
  return octets.length === SIGNATURE_OCTETS ? octets : undefined;
}

/** Returns whether one of these keys made the signature. */
export function isSigned(octets: Uint8Array, signature: Uint8Array, keys: readonly KeyObject[]): boolean {
  return keys.some((key) => verify(null, octets, key, signature));
}

function created(key: string | Buffer): KeyObject {
  try {
    return typeof key === 'string' ? createPublicKey(key) : createPublicKey({ key, format: 'der', type: 'spki' });
  } catch {
    throw new Error('it is not a public key');
  }
}

function derOf(text: string): Buffer {
  const octets = Buffer.from(text, 'base64');
  return octets.length === KEY_OCTETS ? Buffer.concat([SPKI_PREFIX, octets]) : octets;
}
