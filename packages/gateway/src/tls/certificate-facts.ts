import type { X509Certificate } from 'node:crypto';

/** Properties of a certificate for display. */
export interface CertificateFacts {
  /** `sha256:` and 64 hexadecimal digits, for comparing certificates. */
  readonly fingerprint: string;
  /** Names and addresses of the certificate, as `DNS:robot-01` and `IP Address:10.0.0.7`. */
  readonly names: readonly string[];
  readonly notBeforeMs: number;
  readonly notAfterMs: number;
  /** True if the certificate is signed by its own key. */
  readonly isSelfSigned: boolean;
}

/** Returns the SHA-256 fingerprint of a certificate. */
function fingerprintOf({ fingerprint256 }: Pick<X509Certificate, 'fingerprint256'>): string {
  return `sha256:${fingerprint256.replaceAll(':', '').toLowerCase()}`;
}

export function factsOf(certificate: X509Certificate): CertificateFacts {
  return {
    fingerprint: fingerprintOf(certificate),
    names: certificate.subjectAltName?.split(', ') ?? [],
    notBeforeMs: certificate.validFromDate.getTime(),
    notAfterMs: certificate.validToDate.getTime(),
    // Not `checkIssued`: it rejects a self-signed certificate whose key may only sign handshakes.
    isSelfSigned: certificate.issuer === certificate.subject && certificate.verify(certificate.publicKey),
  };
}
