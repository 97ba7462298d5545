import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { errorMessage } from '@medkit/core';
import { type CertificateFacts, factsOf } from './certificate-facts.ts';

/** Certificate and key of a TLS server, as PEM texts. */
export interface CredentialTexts {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

export interface TlsCredentials extends CredentialTexts {
  readonly facts: CertificateFacts;
}

/** A certificate cannot be used; the one-line message has the reason and a remedy. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
}

/** Names of the files, for messages. */
export interface CredentialNames {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** Validates new credentials. Throws `CertificateRefused` if clients could not use them. */
export function validateCredentials(texts: CredentialTexts, names: CredentialNames, nowMs: number): TlsCredentials {
  const certificate = readPem(names.cert, texts.cert, 'a certificate', (pem) => new X509Certificate(pem));
  const key = readPem(names.key, texts.key, 'a private key without a passphrase', (pem) => createPrivateKey(pem));
  if (!certificate.checkPrivateKey(key)) {
    throw new CertificateRefused(`the key in ${names.key} does not belong to the certificate in ${names.cert}`);
  }
  const facts = factsOf(certificate);
  if (facts.notAfterMs <= nowMs) {
    throw new CertificateRefused(`the certificate in ${names.cert} expired at ${timeOf(facts.notAfterMs)}: renew it`);
  }
  // TLS silently ignores a CA that it cannot read.
  if (texts.ca !== undefined) readPem(names.ca ?? '', texts.ca, 'a certificate', (pem) => new X509Certificate(pem));
  try {
    createSecureContext(contextOf(texts));
  } catch (error) {
    throw new CertificateRefused(`TLS cannot use the certificate in ${names.cert}: ${errorMessage(error)}`);
  }
  return { ...texts, facts };
}

/** Returns the options of a `node:tls` secure context. */
export function contextOf({ cert, key, ca }: CredentialTexts) {
  return { cert, key, ...(ca !== undefined && { ca }) };
}

/** Formats a time: `2026-03-23 02:14 UTC`. */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

type Wanted = 'a certificate' | 'a private key without a passphrase';

function readPem<T>(file: string, text: string, wanted: Wanted, read: (pem: string) => T): T {
  try {
    return read(text);
  } catch {
    // The OpenSSL message, such as "PEM routines::no start line", does not explain what the file contains.
    throw new CertificateRefused(`${file} does not contain ${wanted} as PEM text: ${pemProblem(file, text, wanted)}`);
  }
}

/** Returns what the file contains instead of the expected PEM, and a remedy. */
function pemProblem(file: string, text: string, wanted: Wanted): string {
  const isKey = wanted !== 'a certificate';
  const labels = Array.from(text.matchAll(/-----BEGIN ([A-Z0-9 ]+)-----/g), ([, label = '']) => label);
  const has = (part: string): boolean => labels.some((label) => label.includes(part));
  if (text.trim() === '') return 'it is empty';
  if (labels.length === 0) {
    const convert = `openssl ${isKey ? 'pkey' : 'x509'} -inform der -in ${file} -out ${file}.pem`;
    if (/[\0\uFFFD]/.test(text)) return `it is binary, such as DER: ${convert}`;
    return 'it has no line that begins with -----BEGIN';
  }
  if (isKey && (has('ENCRYPTED') || text.includes('4,ENCRYPTED'))) {
    return `the key has a passphrase: openssl pkey -in ${file} -out ${file}.plain`;
  }
  if (has('CERTIFICATE REQUEST')) return 'it is a certificate request, which a certificate authority must sign first';
  if (isKey && has('PUBLIC KEY')) return 'it is the public key';
  if (isKey !== has('PRIVATE KEY')) {
    return `it is ${isKey ? 'a certificate' : 'a private key'}: server.tls.cert_file and server.tls.key_file may be swapped`;
  }
  return labels.every((label) => text.includes(`-----END ${label}-----`))
    ? 'its content is damaged'
    : 'it is truncated: the line -----END is missing';
}
