import type { X509Certificate } from 'node:crypto';
import { MAX_CHAIN } from '../bounds.ts';
import { applicationUriOf } from './application-certificate.ts';

/** Permitted uses of a certificate; `undefined` if not restricted (RFC 5280, 4.2.1.3). */
export interface CertificateUse {
  readonly signs: boolean | undefined;
  readonly enciphers: boolean | undefined;
  readonly isServer: boolean | undefined;
}

export interface PresentedCertificate {
  /** The certificate of the server, followed by its chain, as sent by the server. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
  readonly use: CertificateUse;
  /** Application URI of the endpoint. */
  readonly applicationUri: string;
  /** Host of the connection. */
  readonly host: string;
}

/** Trust settings for checking certificates. */
export interface Trust {
  readonly certificates: readonly X509Certificate[];
  /** Returns whether its authority has revoked a certificate. */
  readonly isRevoked: (certificate: X509Certificate) => boolean;
  /**
   * Returns how many authorities may be between an authority and a certificate; `undefined` if not limited (RFC 5280,
   * 4.2.1.9).
   */
  readonly pathLengthOf: (authority: X509Certificate) => number | undefined;
}

/** A problem of a certificate. `unknown` can be approved; the other kinds must be fixed by the server's operator. */
export interface CertificateFault {
  readonly kind:
    | 'expired'
    | 'not-yet-valid'
    | 'wrong-use'
    | 'weak-key'
    | 'other-application'
    | 'unknown'
    | 'revoked'
    | 'other-host';
  readonly reason: string;
}

/** Minimum bits of RSA keys for all supported policies (OPC 10000-7, 6.6.165). */
const MIN_KEY_BITS = 2048;

/** Returns the problem of a server certificate; `undefined` if it is valid (OPC 10000-4, 6.1.3). */
export function faultOf(presented: PresentedCertificate, trust: Trust, nowMs: number): CertificateFault | undefined {
  const [certificate] = presented.chain;
  const isPinned = trust.certificates.some(({ raw }) => raw.equals(certificate.raw));
  const { path, isTrusted } = pathOf(presented.chain, trust, nowMs);
  if (!isPinned && !isTrusted) {
    return { kind: 'unknown', reason: 'is not in the trust list, and is not signed by a CA in it' };
  }
  return (
    revocationFault(path, trust) ??
    timeFault(certificate, nowMs) ??
    useFault(presented) ??
    (isPinned ? undefined : hostFault(certificate, presented.host))
  );
}

/** Revocation also applies to an explicitly approved certificate. */
function revocationFault(path: readonly X509Certificate[], { isRevoked }: Trust): CertificateFault | undefined {
  const at = path.findIndex(isRevoked);
  if (at < 0) return undefined;
  if (at === 0) return { kind: 'revoked', reason: 'was revoked by its CA (BadCertificateRevoked)' };
  const name = JSON.stringify(path[at]!.subject.replaceAll('\n', ', ').slice(0, 200));
  return { kind: 'revoked', reason: `is signed by the CA ${name}, which was revoked (BadCertificateIssuerRevoked)` };
}

function timeFault({ validFrom, validTo }: X509Certificate, nowMs: number): CertificateFault | undefined {
  if (nowMs > Date.parse(validTo)) return { kind: 'expired', reason: `expired on ${dayOf(validTo)}` };
  if (nowMs < Date.parse(validFrom)) {
    return {
      kind: 'not-yet-valid',
      reason: `is not valid before ${dayOf(validFrom)}; the clock of this machine shows ${dayOf(nowMs)}`,
    };
  }
  return undefined;
}

function useFault({ chain, use, applicationUri }: PresentedCertificate): CertificateFault | undefined {
  const [certificate] = chain;
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  const bits = details?.modulusLength ?? 0;
  if (type !== 'rsa' || bits < MIN_KEY_BITS) {
    return {
      kind: 'weak-key',
      reason: `has a ${type} key with ${bits} bits; an RSA key with at least ${MIN_KEY_BITS} bits is required`,
    };
  }
  const missing = [
    ...(use.signs === false ? ['digitalSignature'] : []),
    ...(use.enciphers === false ? ['keyEncipherment'] : []),
    ...(use.isServer === false ? ['serverAuth'] : []),
  ];
  if (missing.length > 0)
    return { kind: 'wrong-use', reason: `is not a server certificate: it lacks ${missing.join(', ')}` };
  const uri = applicationUriOf(certificate);
  if (uri !== applicationUri) {
    return {
      kind: 'other-application',
      reason: `is for the application ${uri ?? 'without a URI'}, but the endpoint states ${applicationUri}`,
    };
  }
  return undefined;
}

/** An explicitly approved certificate is valid for any host; with a trusted authority, the host must match. */
function hostFault(certificate: X509Certificate, host: string): CertificateFault | undefined {
  const isFor = /^[\d.]+$|:/.test(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  if (isFor !== undefined) return undefined;
  return { kind: 'other-host', reason: `is for ${certificate.subjectAltName ?? 'no host'}, not for ${host}` };
}

/** Returns the certificate and its chain of issuers; it is trusted if the last one is in the trust list. */
function pathOf(
  [certificate, ...others]: PresentedCertificate['chain'],
  { certificates, pathLengthOf }: Trust,
  nowMs: number,
): { readonly path: readonly X509Certificate[]; readonly isTrusted: boolean } {
  const path = [certificate];
  while (path.length <= MAX_CHAIN) {
    const current = path.at(-1)!;
    const isVouching = (authority: X509Certificate) =>
      !authority.raw.equals(current.raw) &&
      vouches(authority, current, nowMs) &&
      path.length - 1 <= (pathLengthOf(authority) ?? MAX_CHAIN);
    const anchor = certificates.find(isVouching);
    const next = anchor ?? others.find(isVouching);
    if (next === undefined) return { path, isTrusted: false };
    path.push(next);
    if (anchor) return { path, isTrusted: true };
  }
  return { path, isTrusted: false };
}

/**
 * Returns whether an authority may sign certificates by its basic constraints and key usage (OpenSSL checks the latter
 * here), and has signed this one.
 */
function vouches(authority: X509Certificate, certificate: X509Certificate, nowMs: number): boolean {
  if (!authority.ca || timeFault(authority, nowMs) !== undefined || !certificate.checkIssued(authority)) return false;
  return certificate.verify(authority.publicKey);
}

const dayOf = (time: string | number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
