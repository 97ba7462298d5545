import { SovdError } from '@medkit/contract';
import { andThen } from '@medkit/core';
import { type CertificateOptions, certificateIdentities, type KnownCertificates } from './certificate-identity.ts';
import { restrictIdentity } from './delegation.ts';
import { NO_CREDENTIAL, type Principals, STRANGER } from './identify.ts';
import type { Credential, Identity, RequestSender } from './identity.ts';
import { isOfThisOrigin } from './session-cookie.ts';

/** Credentials without a client certificate: calls of this process, and those of a fleet hub over the uplink. */
const WITHOUT_CERTIFICATE: ReadonlySet<Credential['kind']> = new Set(['plugin', 'hub']);

/**
 * Adds the clients that are known by their certificates to `principals`. Any other credential of a request takes
 * precedence. If certificates are required, bars requests over connections without an accepted one, whatever other
 * credential they have.
 */
export function certificatePrincipals(principals: Principals, options: CertificateOptions): Principals {
  const certificates: KnownCertificates = certificateIdentities(options);
  return {
    ...principals,
    identify: (asking) => {
      const certificate = certificates.identityOf(asking.socket);
      return andThen(principals.identify(asking), (identity): Identity => {
        const { kind } = identity.credential;
        if (certificate === undefined || WITHOUT_CERTIFICATE.has(kind)) return identity;
        const isAccepted = 'principal' in certificate;
        if (!isAccepted && certificates.isRequired) return barred(certificate.refused);
        if (kind !== 'none' || asking.headers.authorization !== undefined) return identity;
        if (isAccepted) {
          if (isOfOtherPage(asking)) throw foreignPage();
          return restrictIdentity(asking, certificate);
        }
        return { ...identity, refused: identity.refused ?? certificate.refused };
      });
    },
    current: (credential) =>
      credential.kind === 'certificate' ? certificates.principalOf(credential) : principals.current(credential),
  };
}

/** Returns whether a page of another origin may have caused a change: browsers send the certificate with its requests. */
function isOfOtherPage(asking: RequestSender): boolean {
  const { method, headers } = asking;
  if (method === 'GET' || method === 'HEAD') return false;
  const isOfBrowser = headers.origin !== undefined || headers['sec-fetch-site'] !== undefined;
  return isOfBrowser && !isOfThisOrigin(asking);
}

function foreignPage(): SovdError {
  const message =
    'A client certificate is only for programs and the web pages of this gateway: a page of another origin must send a key as "Authorization: Bearer <key>"';
  return new SovdError({ code: 'forbidden', message });
}

const barred = (refused: string): Identity => ({
  principal: STRANGER,
  credential: NO_CREDENTIAL,
  refused,
  isBarred: true,
});
