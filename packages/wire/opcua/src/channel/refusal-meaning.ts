/** Remedies for the status codes by which a server refuses a channel or a session (OPC 10000-4, 6.1.3 and 7.39). */
const UNTRUSTED = "the server does not trust this client's certificate: add it to the server's trust list";
const USER = 'the server rejects this user: check user_auth_mode, username and password, and its rights at the server';
const MEANINGS: Readonly<Record<string, string>> = {
  BadCertificateUntrusted: UNTRUSTED,
  // Servers send no details to a client that they do not trust (OPC 10000-4, 6.1.3).
  BadSecurityChecksFailed: UNTRUSTED,
  BadCertificateChainIncomplete: `${UNTRUSTED}, or the certificate of the CA that signed it; a self-signed one needs keyCertSign and CA:FALSE`,
  BadCertificateUseNotAllowed: "the server does not accept the key usage of this client's certificate",
  BadCertificateIssuerUseNotAllowed: "the server does not accept the key usage of the CA of this client's certificate",
  BadCertificateInvalid: "the server cannot use this client's certificate: create another one",
  BadCertificatePolicyCheckFailed:
    "this client's certificate does not match the security_policy: the type of its key or signature differs",
  BadCertificateTimeInvalid:
    "this client's certificate is not valid by the clock of the server: check that clock, or create another certificate",
  BadCertificateIssuerTimeInvalid: "the CA of this client's certificate is not valid by the clock of the server",
  BadCertificateUriInvalid: "application_uri is not the URI in this client's certificate",
  BadCertificateHostNameInvalid: "this client's certificate is not valid for the name of this machine",
  BadCertificateRevoked: "this client's certificate was revoked: create another one",
  BadCertificateIssuerRevoked: "the CA of this client's certificate was revoked",
  BadCertificateRevocationUnknown: "the server has no revocation list of the CA of this client's certificate",
  BadCertificateIssuerRevocationUnknown: "the server has no revocation list of a CA of this client's certificate",
  BadApplicationSignatureInvalid: 'the key of this client does not belong to its certificate',
  BadSecurityPolicyRejected: 'the server does not accept this security_policy',
  BadSecurityModeRejected: 'the server does not accept this security_mode',
  BadIdentityTokenRejected: USER,
  BadIdentityTokenInvalid: USER,
  BadUserAccessDenied: USER,
  BadUserSignatureInvalid: USER,
  BadTooManySessions:
    'the server has reached its maximum number of sessions. Disconnect another client, or raise the limit of the server',
  BadTcpNotEnoughResources:
    'the server has reached its maximum number of connections. Disconnect another client, or raise the limit of the server',
  BadTcpEndpointUrlInvalid: 'the server does not know this endpoint_url',
  BadTcpServerTooBusy: 'the server is too busy to accept a connection',
  BadShutdown: 'the server is shutting down',
  BadServerHalted: 'the server has stopped',
};

/**
 * Returns whether a status code concerns the certificate of this client, so that its deficiencies may be the reason.
 */
export function isCertificateProblem(status: string | undefined): boolean {
  return status === 'BadSecurityChecksFailed' || /^Bad(?:Certificate|ApplicationSignature)/.test(status ?? '');
}

/** Returns the meaning of a refusal as a sentence; `undefined` if the status explains itself. */
export function meaningOf(status: string | undefined): string | undefined {
  return status !== undefined && Object.hasOwn(MEANINGS, status) ? MEANINGS[status] : undefined;
}
