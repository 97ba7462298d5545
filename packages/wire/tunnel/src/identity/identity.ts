import { createHash, createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import {
  bits,
  certificatePem,
  derContextValue,
  derInteger,
  moment,
  objectName,
  sequence,
  set,
  text,
} from '@medkit/edges/der';
import { base32 } from './base32.ts';

/** Characters of a fingerprint: 100 bits of the SHA-256 digest. */
export const FINGERPRINT_CHARS = 20;
const ED25519 = sequence(objectName('1.3.101.112'));
/** Both ends ignore names, issuers and dates of a certificate: it only carries the key. */
const NAME = sequence(set(sequence(objectName('2.5.4.3'), text('medkit uplink'))));
const NOT_BEFORE_MS = 0;
/** The date that states "no expiry" (RFC 5280, 4.1.2.5). */
const NOT_AFTER_MS = Date.UTC(9999, 11, 31, 23, 59, 59);

/** Key of a robot or of a hub, with the certificate that carries it in TLS. */
export interface Identity {
  /** Ed25519 private key, PKCS #8 as PEM. */
  readonly key: string;
  /** Self-signed certificate, PEM. The same key always gives the same certificate. */
  readonly certificate: string;
  readonly fingerprint: string;
}

/** Creates an Ed25519 private key, PKCS #8 as PEM. */
export function newIdentityKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** Returns the identity of an Ed25519 private key (PEM). Throws if the key is of another kind. */
export function identityFrom(key: string): Identity {
  const privateKey = createPrivateKey(key);
  if (privateKey.asymmetricKeyType !== 'ed25519') {
    throw new Error(`The key of an uplink must be an Ed25519 key, found ${privateKey.asymmetricKeyType}`);
  }
  const publicKey = createPublicKey(privateKey);
  const toBeSigned = sequence(
    derContextValue(0, derInteger(Buffer.from([2]))),
    derInteger(Buffer.from([1])),
    ED25519,
    NAME,
    sequence(moment(NOT_BEFORE_MS), moment(NOT_AFTER_MS)),
    NAME,
    spkiFrom(publicKey),
  );
  const certificate = certificatePem(sequence(toBeSigned, ED25519, bits(sign(null, toBeSigned, privateKey))));
  return { key, certificate, fingerprint: fingerprintOf(publicKey) };
}

/**
 * Returns the fingerprint of a public key: the first 20 characters of the SHA-256 digest of its SubjectPublicKeyInfo in
 * Crockford's base32.
 */
export function fingerprintOf(publicKey: KeyObject): string {
  return base32(createHash('sha256').update(spkiFrom(publicKey)).digest(), FINGERPRINT_CHARS);
}

const spkiFrom = (publicKey: KeyObject): Buffer => publicKey.export({ type: 'spki', format: 'der' });
