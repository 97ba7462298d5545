import type { X509Certificate } from 'node:crypto';

/** What people ask of a certificate. */
export interface CertificateFacts {
  /** `sha256:` and 64 digits: by this a person tells one certificate from another. */
  readonly fingerprint: string;
  /** Names and addresses that it is for, as `DNS:robot-01` and `IP Address:10.0.0.7`. */
  readonly names: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** True where nobody vouches for it but itself. */
  readonly isSelfSigned: boolean;
}

/** The SHA-256 of a whole certificate, as people compare it. */
export function fingerprintOf({ fingerprint256 }: Pick<X509Certificate, 'fingerprint256'>): string {
  return `sha256:${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    fingerprint: fingerprintOf(certificate),
    names: certificate.subjectAltName?.split(', ') ?? [],
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    // Not `checkIssued`: that takes none for its own issuer that may sign handshakes alone.
    isSelfSigned: certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey),
  };
}
