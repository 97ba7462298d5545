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

/** What is wrong with a certificate. `unknown` can be approved, the others are for who runs the server to put right. */
export interface CertificateFault {
  readonly kind:
    | 'expired'
    | 'not-yet-valid'
    | 'wrong-use'
    | 'weak-key'
    | 'other-application'
    | 'unknown'
    | 'other-host';
  readonly reason: string;
}

/** RSA keys of all policies that are offered have at least so many bits (OPC 10000-7, 6.6.165). */
const MIN_KEY_BITS = 2048;

/** What speaks against the certificate of a server; undefined where nothing does (OPC 10000-4, 6.1.3). */
export function faultOf(
  shown: ShownCertificate,
  trusted: readonly X509Certificate[],
  nowMs: number,
): CertificateFault | undefined {
  const [certificate, ...others] = shown.chain;
  const isPinned = trusted.some(({ raw }) => raw.equals(certificate.raw));
  if (!isPinned && !isVouchedFor(certificate, others, trusted, nowMs)) {
    return { kind: 'unknown', reason: 'is not in the trust list, and no authority in it vouches for it' };
  }
  return (
    timeFault(certificate, nowMs) ?? useFault(shown) ?? (isPinned ? undefined : hostFault(certificate, shown.host))
  );
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

function isVouchedFor(
  certificate: X509Certificate,
  others: readonly X509Certificate[],
  trusted: readonly X509Certificate[],
  nowMs: number,
): boolean {
  let current = certificate;
  for (let depth = 0; depth < MAX_CHAIN; depth++) {
    if (trusted.some((authority) => vouches(authority, current, nowMs))) return true;
    const next = others.find((authority) => authority !== current && vouches(authority, current, nowMs));
    if (next === undefined) return false;
    current = next;
  }
  return false;
}

function vouches(authority: X509Certificate, certificate: X509Certificate, nowMs: number): boolean {
  if (!authority.ca || timeFault(authority, nowMs) !== undefined || !certificate.checkIssued(authority)) return false;
  return certificate.verify(authority.publicKey);
}

const dayOf = (time: string | number) => new Date(time).toISOString().slice(0, 16).replace('T', ' ');
