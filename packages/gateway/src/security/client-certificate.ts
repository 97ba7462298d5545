import type { CertificateField } from '../config/client-auth-rules.ts';

/** The values of a certificate that rules compare. */
export type ClientNames = Readonly<Record<CertificateField, readonly string[]>>;

/** Why a client certificate proves nothing. */
export type CertificateRefusal =
  | 'certificate-expired'
  | 'certificate-not-for-clients'
  | 'certificate-not-yet-valid'
  | 'certificate-revoked'
  | 'certificate-untrusted'
  | 'certificate-unverifiable';

/** The certificate that a client presented in the TLS handshake. */
export interface ClientCertificate {
  readonly names: ClientNames;
  readonly notAfterMs: number;
  /** Absent if the client has proven that it holds a trusted certificate. */
  readonly refused?: CertificateRefusal;
}

/** The client certificates of all connections. */
export interface ClientCertificates {
  /** Whether requests over a connection without an accepted certificate are refused. */
  readonly isRequired: boolean;
  /** Returns the certificate of a connection; `undefined` if its client presented none. */
  of(connection: object): ClientCertificate | undefined;
}
