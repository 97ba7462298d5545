import { createPrivateKey, webcrypto } from 'node:crypto';
import { isIP } from 'node:net';
import type { OpcuaLibrary } from '../opcua-library.ts';

export interface ClientCertificateOptions {
  /** URI of this application, unique in the plant: `urn:hall-3:medkit`. */
  readonly applicationUri: string;
  /** Names and addresses of this machine, at least one. */
  readonly hosts: readonly string[];
  readonly notBeforeMs: number;
  readonly days: number;
  /** Sixteen random bytes. */
  readonly serial: Uint8Array;
}

/** A certificate and its private key in PEM, and the certificate in DER for the servers' trust lists. */
export interface ClientCertificate {
  readonly pem: string;
  readonly der: Buffer;
  readonly key: string;
}

const DAY_MS = 86_400_000;
/** Bits of the RSA key, accepted by all policies (OPC 10000-7, 6.6.165). */
const KEY_BITS = 2048;
const ALGORITHM = { name: 'RSASSA-PKCS1-v1_5', hash: 'SHA-256' } as const;
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';
/** Maximum characters of a common name (RFC 5280, A.1: ub-common-name). */
const MAX_COMMON_NAME = 64;

/**
 * Generates a self-signed client application certificate as required by OPC 10000-6, 6.2.2. Some servers, such as
 * open62541, refuse a self-signed certificate without `keyCertSign` and `CA:FALSE`.
 */
export async function makeClientCertificate(
  { crypto_utils: { x509 } }: OpcuaLibrary,
  { applicationUri, hosts, notBeforeMs, days, serial }: ClientCertificateOptions,
): Promise<ClientCertificate> {
  const keys = await webcrypto.subtle.generateKey(
    { ...ALGORITHM, modulusLength: KEY_BITS, publicExponent: new Uint8Array([1, 0, 1]) },
    true,
    ['sign', 'verify'],
  );
  const { digitalSignature, nonRepudiation, keyEncipherment, dataEncipherment, keyCertSign } = x509.KeyUsageFlags;
  const uses = digitalSignature | nonRepudiation | keyEncipherment | dataEncipherment | keyCertSign;
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    // Neither negative nor zero (RFC 5280, 4.1.2.2).
    serialNumber: Buffer.from([(serial[0]! & 0x7f) | 0x40, ...serial.subarray(1)]).toString('hex'),
    name: [{ CN: [`medkit on ${hosts[0]}`.slice(0, MAX_COMMON_NAME)] }, { O: ['medkit'] }],
    notBefore: new Date(notBeforeMs),
    notAfter: new Date(notBeforeMs + days * DAY_MS),
    signingAlgorithm: ALGORITHM,
    keys: keys as never,
    extensions: [
      new x509.BasicConstraintsExtension(false, undefined, true),
      new x509.KeyUsagesExtension(uses, true),
      new x509.ExtendedKeyUsageExtension([CLIENT_AUTH]),
      new x509.SubjectAlternativeNameExtension([
        { type: 'url', value: applicationUri },
        ...hosts.map((value) => ({ type: isIP(value) === 0 ? ('dns' as const) : ('ip' as const), value })),
      ]),
      await x509.SubjectKeyIdentifierExtension.create(keys.publicKey as never),
      await x509.AuthorityKeyIdentifierExtension.create(keys.publicKey as never),
    ],
  });
  const pkcs8 = Buffer.from(await webcrypto.subtle.exportKey('pkcs8', keys.privateKey));
  const key = createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' });
  return {
    pem: `${certificate.toString('pem')}\n`,
    der: Buffer.from(certificate.rawData),
    key: String(key.export({ type: 'pkcs8', format: 'pem' })),
  };
}
