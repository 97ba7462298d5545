import type { TlsOptions } from 'node:tls';
import type { ClientAuthority } from './clients/client-authority.ts';
import { type CredentialTexts, contextOf } from './tls-credentials.ts';

/** For TLS 1.2 only suites with forward secrecy and AEAD (RFC 9325, 4.2); TLS 1.3 has no others. */
const SUITES = [
  ...['TLS_AES_256_GCM_SHA384', 'TLS_CHACHA20_POLY1305_SHA256', 'TLS_AES_128_GCM_SHA256'],
  ...['ECDHE-ECDSA-AES128-GCM-SHA256', 'ECDHE-RSA-AES128-GCM-SHA256'],
  ...['ECDHE-ECDSA-AES256-GCM-SHA384', 'ECDHE-RSA-AES256-GCM-SHA384'],
  ...['ECDHE-ECDSA-CHACHA20-POLY1305', 'ECDHE-RSA-CHACHA20-POLY1305'],
].join(':');

/** A client with a slower handshake only occupies a connection. */
export const HANDSHAKE_TIMEOUT_MS = 10_000;

/**
 * Returns the options of a TLS server. It has no callbacks: one that throws, for a name or protocol that a client offers,
 * would end the process (CVE-2026-21637). HTTP/2 is not offered. A handshake with an invalid client certificate, or
 * without one, succeeds: the reply to the request then names the reason, which a failed handshake does not.
 */
export function tlsOptions(credentials: CredentialTexts, minVersion: string, clients?: ClientAuthority): TlsOptions {
  return {
    ...contextOptions(credentials, minVersion, clients),
    ...(clients && { requestCert: true, rejectUnauthorized: false }),
    handshakeTimeout: HANDSHAKE_TIMEOUT_MS,
  };
}

/** Returns the options that are set again with a new certificate, or new authorities of clients. */
export function contextOptions(credentials: CredentialTexts, minVersion: string, clients?: ClientAuthority) {
  return {
    ...(clients ? withClients(credentials, clients) : contextOf(credentials)),
    minVersion: minVersion === '1.3' ? ('TLSv1.3' as const) : ('TLSv1.2' as const),
    ciphers: SUITES,
    honorCipherOrder: true,
  };
}

/** The authorities of the gateway's certificate are sent with it, and not trusted for clients. */
function withClients({ cert, key, ca: chain = '' }: CredentialTexts, { ca, crl }: ClientAuthority) {
  return { cert: `${cert}\n${chain}`, key, ca: [...ca], ...(crl.length > 0 && { crl: [...crl] }) };
}
