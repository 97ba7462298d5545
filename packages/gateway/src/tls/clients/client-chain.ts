import { X509Certificate } from 'node:crypto';

/** Maximum certificates of a chain: longer ones are refused in the handshake. */
const MAX_CHAIN = 10;

/**
 * Returns whether a trusted authority signed a certificate that a client presented, however old or revoked it is. Only for
 * messages and warnings: OpenSSL reports only the last of several errors.
 */
export function isSignedBy(presented: X509Certificate, ca: readonly string[]): boolean {
  const trusted = ca.map((pem) => new X509Certificate(pem));
  let certificate: X509Certificate = presented;
  for (let depth = 0; depth < MAX_CHAIN; depth++) {
    if (trusted.some((each) => isIssuer(each, certificate))) return true;
    const issuer = certificate.issuerCertificate;
    if (!issuer || !isIssuer(issuer, certificate)) return false;
    certificate = issuer;
  }
  return false;
}

const isIssuer = (issuer: X509Certificate, certificate: X509Certificate): boolean =>
  issuer.subject === certificate.issuer && certificate.verify(issuer.publicKey);
