import { createPrivateKey, createPublicKey, generateKeyPairSync, sign } from 'node:crypto';
import { isIPv4, isIPv6 } from 'node:net';
import {
  bits,
  certificatePem,
  type Der,
  derBoolean,
  derContextValue,
  derInteger,
  moment,
  objectName,
  octets,
  sequence,
  set,
  tagged,
  text,
} from '@medkit/edges/der';

const ECDSA_WITH_SHA256 = sequence(objectName('1.2.840.10045.4.3.2'));
const COMMON_NAME = objectName('2.5.4.3');
/** Maximum length of a common name (RFC 5280, A.1: ub-common-name). */
const MAX_COMMON_NAME = 64;

export interface CertificateOptions {
  /** DNS names and IP addresses, at least one. */
  readonly names: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** Sixteen random bytes. */
  readonly serial: Uint8Array;
  /** PEM; a new key is created if absent. */
  readonly key?: string;
}

/**
 * Creates a self-signed server certificate on the curve P-256 (RFC 5280). Node can read certificates but not create
 * them.
 */
export function makeCertificate({ names, notBeforeMs, notAfterMs, serial, key = newKey() }: CertificateOptions) {
  const privateKey = createPrivateKey(key);
  const [firstName = ''] = names;
  const subject = sequence(set(sequence(COMMON_NAME, text(firstName.slice(0, MAX_COMMON_NAME)))));
  const toBeSigned = sequence(
    derContextValue(0, derInteger(Buffer.from([2]))),
    derInteger(positive(serial)),
    ECDSA_WITH_SHA256,
    subject,
    sequence(moment(notBeforeMs), moment(notAfterMs)),
    subject,
    createPublicKey(privateKey).export({ type: 'spki', format: 'der' }),
    derContextValue(3, extensions(names)),
  );
  const signature = sign('sha256', toBeSigned, privateKey);
  return { key, cert: certificatePem(sequence(toBeSigned, ECDSA_WITH_SHA256, bits(signature))) };
}

function newKey(): string {
  return generateKeyPairSync('ec', {
    namedCurve: 'prime256v1',
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  }).privateKey;
}

/**
 * Returns the extensions: a server of these names that only signs handshakes and issues no certificates (RFC 5280,
 * 4.2.1).
 */
function extensions(names: readonly string[]): Der {
  const critical = derBoolean(true);
  return sequence(
    sequence(objectName('2.5.29.19'), critical, octets(sequence())),
    sequence(objectName('2.5.29.15'), critical, octets(bits(Buffer.from([0x80]), 7))),
    sequence(objectName('2.5.29.37'), octets(sequence(objectName('1.3.6.1.5.5.7.3.1')))),
    sequence(objectName('2.5.29.17'), octets(sequence(...names.map(alternativeName)))),
  );
}

function alternativeName(name: string): Der {
  if (isIPv4(name)) return tagged(0x87, Buffer.from(name.split('.').map(Number)));
  if (isIPv6(name)) return tagged(0x87, octetsOfIPv6(name));
  return tagged(0x82, Buffer.from(name, 'latin1'));
}

function octetsOfIPv6(address: string): Buffer {
  // `URL` normalises IPv6 to hexadecimal groups, also with an IPv4 suffix.
  const [head = '', tail] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':').map((group) => Number.parseInt(group, 16)));
  const [before, after] = [groupsOf(head), groupsOf(tail ?? '')];
  const groups = [...before, ...Array(8 - before.length - after.length).fill(0), ...after];
  return Buffer.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** Not negative, and not zero (RFC 5280, 4.1.2.2). */
function positive([first = 0, ...rest]: Uint8Array): Uint8Array {
  return Buffer.from([(first & 0x7f) | 0x40, ...rest]);
}
