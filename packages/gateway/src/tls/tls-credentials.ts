import { createPrivateKey, X509Certificate } from 'node:crypto';
import { createSecureContext } from 'node:tls';
import { reasonOf } from '@medkit/core';
import { type CertificateFacts, factsOf } from './certificate-facts.ts';

/** What a TLS server shows and signs with: PEM texts. */
export interface CredentialTexts {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

export interface TlsCredentials extends CredentialTexts {
  readonly facts: CertificateFacts;
}

/** A certificate cannot be served; the message is one line that says why and what to do. */
export class CertificateRefused extends Error {
  override readonly name = 'CertificateRefused';
}

/** Where the texts come from, for what is said of them. */
export interface CredentialNames {
  readonly cert: string;
  readonly key: string;
  readonly ca?: string;
}

/** Judges what would be served from now on. Throws `CertificateRefused` where clients could not use it. */
export function judgeCredentials(texts: CredentialTexts, names: CredentialNames, nowMs: number): TlsCredentials {
  const certificate = readBy(names.cert, 'a certificate', () => new X509Certificate(texts.cert));
  const key = readBy(names.key, 'a private key without a passphrase', () => createPrivateKey(texts.key));
  if (!certificate.checkPrivateKey(key)) {
    throw new CertificateRefused(`the key in ${names.key} is not that of the certificate in ${names.cert}`);
  }
  const facts = factsOf(certificate);
  if (facts.notAfterMs <= nowMs) {
    throw new CertificateRefused(`the certificate in ${names.cert} ended at ${timeOf(facts.notAfterMs)}: renew it`);
  }
  // TLS passes over a CA that it cannot read, and then knows none.
  if (texts.ca !== undefined) readBy(names.ca ?? '', 'certificates', () => new X509Certificate(texts.ca ?? ''));
  readBy(names.cert, 'what TLS can serve', () => createSecureContext(contextOf(texts)));
  return { ...texts, facts };
}

/** What a secure context of `node:tls` is made of. */
export function contextOf({ cert, key, ca }: CredentialTexts) {
  return { cert, key, ...(ca !== undefined && { ca }) };
}

/** A moment as people read it: `2026-03-23 02:14 UTC`. */
export function timeOf(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 16).replace('T', ' ')} UTC`;
}

function readBy<T>(file: string, what: string, read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new CertificateRefused(`${file} has not ${what} as PEM text: ${reasonOf(error)}`);
  }
}
