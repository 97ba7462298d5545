import type { X509Certificate } from 'node:crypto';
import { MAX_CHAIN } from './bounds.ts';
import { applicationUriOf } from './own-certificate.ts';

/** What a certificate says it may be used for; undefined for what it does not restrict (RFC 5280, 4.2.1.3). */
export interface CertificateUse {
  readonly signs: boolean | undefined;
  readonly enciphers: boolean | undefined;
  readonly isServer: boolean | undefined;
}

export interface ShownCertificate {
  /** That of the server, and then those that vouch for it, as it gave them. */
  readonly chain: readonly [X509Certificate, ...X509Certificate[]];
  readonly use: CertificateUse;
  /** Which application the endpoint says it is. */
  readonly applicationUri: string;
  /** Where it was connected to. */
  readonly host: string;
}

/** Whom a certificate is measured by. */
export interface Trust {
  readonly certificates: readonly X509Certificate[];
  /** Whether its authority took it back. */
  readonly isRevoked: (certificate: X509Certificate) => boolean;
  /** How many authorities may be between an authority and a certificate; undefined where it sets no limit (RFC 5280, 4.2.1.9). */
  readonly pathLengthOf: (authority: X509Certificate) => number | undefined;
}

/** What is wrong with a certificate. `unknown` can be approved, the others are for who runs the server to put right. */
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

/** RSA keys of all policies that are offered have at least so many bits (OPC 10000-7, 6.6.165). */
const MIN_KEY_BITS = 2048;

/** What speaks against the certificate of a server; undefined where nothing does (OPC 10000-4, 6.1.3). */
export function faultOf(shown: ShownCertificate, trust: Trust, nowMs: number): CertificateFault | undefined {
  const [certificate] = shown.chain;
  const isPinned = trust.certificates.some(({ raw }) => raw.equals(certificate.raw));
  const { path, isTrusted } = pathOf(shown.chain, trust, nowMs);
  if (!isPinned && !isTrusted) {
    return { kind: 'unknown', reason: 'is not in the trust list, and no authority in it vouches for it' };
  }
  return (
    revocationFault(path, trust) ??
    timeFault(certificate, nowMs) ??
    useFault(shown) ??
    (isPinned ? undefined : hostFault(certificate, shown.host))
  );
}

/** One that was approved itself is revoked all the same: its authority knows better. */
function revocationFault(path: readonly X509Certificate[], { isRevoked }: Trust): CertificateFault | undefined {
  const at = path.findIndex(isRevoked);
  if (at < 0) return undefined;
  if (at === 0) return { kind: 'revoked', reason: 'was revoked by its authority (BadCertificateRevoked)' };
  const name = JSON.stringify(path[at]!.subject.replaceAll('\n', ', ').slice(0, 200));
  return { kind: 'revoked', reason: `is of the authority ${name}, which was revoked (BadCertificateIssuerRevoked)` };
}

function timeFault({ validFrom, validTo }: X509Certificate, nowMs: number): CertificateFault | undefined {
  if (nowMs > Date.parse(validTo)) return { kind: 'expired', reason: `expired on ${dayOf(validTo)}` };
  if (nowMs < Date.parse(validFrom)) {
    return {
      kind: 'not-yet-valid',
      reason: `is not valid before ${dayOf(validFrom)}; by the clock of this machine it is ${dayOf(nowMs)}`,
    };
  }
  return undefined;
}

function useFault({ chain, use, applicationUri }: ShownCertificate): CertificateFault | undefined {
  const [certificate] = chain;
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = certificate.publicKey;
  const bits = details?.modulusLength ?? 0;
  if (type !== 'rsa' || bits < MIN_KEY_BITS) {
    return {
      kind: 'weak-key',
      reason: `has a key of ${type} with ${bits} bits; at least ${MIN_KEY_BITS} bits of RSA are needed`,
    };
  }
  const missing = [
    ...(use.signs === false ? ['digitalSignature'] : []),
    ...(use.enciphers === false ? ['keyEncipherment'] : []),
    ...(use.isServer === false ? ['serverAuth'] : []),
  ];
  if (missing.length > 0)
    return { kind: 'wrong-use', reason: `may not be used by a server: it lacks ${missing.join(', ')}` };
  const uri = applicationUriOf(certificate);
  if (uri !== applicationUri) {
    return {
      kind: 'other-application',
      reason: `is for the application ${uri ?? 'of no URI'}, and the endpoint says that it is ${applicationUri}`,
    };
  }
  return undefined;
}

/** One that was approved itself stands for its server wherever that is; an authority vouches for many, so its host counts. */
function hostFault(certificate: X509Certificate, host: string): CertificateFault | undefined {
  const isFor = /^[\d.]+$|:/.test(host) ? certificate.checkIP(host) : certificate.checkHost(host);
  if (isFor !== undefined) return undefined;
  return { kind: 'other-host', reason: `is for ${certificate.subjectAltName ?? 'no host'}, and not for ${host}` };
}

/** The certificate and who vouches for it, each for the one before; it is trusted where the last of them is in the trust list. */
function pathOf(
  [certificate, ...others]: ShownCertificate['chain'],
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

/** An authority, that may sign certificates by its basic constraints and its key usage: OpenSSL looks at the latter here. */
function vouches(authority: X509Certificate, certificate: X509Certificate, nowMs: number): boolean {
  if (!authority.ca || timeFault(authority, nowMs) !== undefined || !certificate.checkIssued(authority)) return false;
  return certificate.verify(authority.publicKey);
}

const dayOf = (time: string | number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
