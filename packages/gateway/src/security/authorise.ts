import type { Roles } from '@medkit/accounts';
import { listed, MAX_GRANTS, type Need, SovdError } from '@medkit/contract';
import type { Principal } from '@medkit/core';

export type { Need };

/** Maximum roles that an error names: a configuration may define a hundred. */
const MAX_NAMED_ROLES = 10;

/** Returns whether a principal has the permission that a route requires. */
export function isAuthorised({ permissions }: Pick<Principal, 'permissions'>, need: Need): boolean {
  return need === 'public' || permissions.has(need);
}

/** Returns whether a principal is limited to robots of a fleet or to entities. */
export function isLimited({ scopes, entityScopes }: Pick<Principal, 'scopes' | 'entityScopes'>): boolean {
  return scopes.length > 0 || entityScopes !== undefined;
}

/** Messages for invalid credentials. All other reasons are reported only as wrong credentials. */
const REFUSALS: Readonly<Record<string, string>> = {
  expired: 'The credential of the request has expired: log in again, or create a new key',
  revoked: 'The credential of the request was revoked: log in again, or create a new key',
  disabled: 'The account of this credential is disabled',
  'no-role':
    'The identity provider knows the account, but none of its groups has a role here: ask an admin to add one to auth.oidc.role_map or auth.oidc.grant_map',
  'too-many-groups':
    'The identity provider lists the groups of the account outside of the token: configure it to send only the groups of this gateway, or application roles',
  'too-many-grants': `The groups of the account at the identity provider give more than ${MAX_GRANTS} grants: ask an admin for a group of robots at the hub instead`,
  'certificate-missing':
    'This gateway requires a client certificate: use --client-cert and --client-key, or MEDKIT_CLIENT_CERT and MEDKIT_CLIENT_KEY',
  'certificate-unknown':
    'The client certificate matches no rule of this gateway: add one to server.tls.client_map; the log has the names of the certificate',
  'certificate-untrusted':
    'The client certificate was not issued by an authority that this gateway trusts (server.tls.client_ca_file), or its intermediate certificate is missing',
  'certificate-expired': 'The client certificate has expired: renew it',
  'certificate-not-yet-valid': 'The client certificate is not valid yet: check the clock of the gateway',
  'certificate-revoked': 'The client certificate was revoked: request a new one',
  'certificate-not-for-clients': 'The certificate is not for clients: its extended key usage needs clientAuth',
  'certificate-unverifiable':
    'The gateway cannot check whether the client certificate is revoked: its server.tls.client_crl_file needs a current list of each authority',
  'clock-not-set': 'The clock of the gateway is not set, so it cannot check the expiry of tokens: set the clock',
};

/** The token may be valid: the client must not discard it. */
const NO_PROVIDER =
  'The identity provider cannot be reached, so its token cannot be checked: try again later, or log in with a user of this gateway';

/** Returns whether the error for a rejected credential says why it was rejected. */
export const isExplained = (refused: string): boolean =>
  refused === 'provider-unavailable' || Object.hasOwn(REFUSALS, refused);

/** Returns the error for a client without a valid credential. */
export function credentialError(refused: string | undefined): SovdError {
  if (refused === 'provider-unavailable') return new SovdError({ code: 'service-unavailable', message: NO_PROVIDER });
  const message = refused === undefined ? undefined : REFUSALS[refused];
  return new SovdError({ code: 'unauthorized', ...(message !== undefined && { message }) });
}

/** Roles that are looked up for the error message. */
export type KnownRoles = Pick<Roles, 'names' | 'permissionsOf'>;

interface Refusal {
  /** Why the credential of the client is not valid. */
  readonly refused?: string | undefined;
  /** The roles of the gateway, if it has accounts. */
  readonly roles?: KnownRoles | undefined;
}

/**
 * Returns the error for a missing permission: 401 for a client with no or invalid credentials, 403 for any other. The
 * latter names the roles that have the permission.
 */
export function notAuthorised(
  { kind, role, permissions }: Principal,
  need: Need,
  { refused, roles }: Refusal = {},
): SovdError {
  if (kind === 'anonymous') {
    return credentialError(refused);
  }
  const allowed = roles?.names.filter((name) => need !== 'public' && roles.permissionsOf(name)?.has(need)) ?? [];
  const parameters = { permission: need, role, ...(roles && { roles: allowed.slice(0, MAX_NAMED_ROLES) }) };
  if (kind === 'user' && permissions.size === 1 && permissions.has('self')) {
    const message = 'Change the password first: PUT /api/v1/auth/password';
    return new SovdError({ code: 'insufficient-access-rights', message, parameters });
  }
  const message = `The request needs the permission ${need}, which the role ${role} does not have${allowedText(allowed)}`;
  return new SovdError({ code: 'insufficient-access-rights', message, parameters });
}

function allowedText(roles: readonly string[]): string {
  if (roles.length === 0) return '';
  return `; ${roles.length === 1 ? 'this role has' : 'these roles have'} it: ${listed(roles.slice(0, MAX_NAMED_ROLES))}`;
}

/** Returns the `WWW-Authenticate` header (RFC 6750, 3): without an error code if the client sent no credentials. */
export function challengeOf({ kind }: Pick<Principal, 'kind'>, refused?: string): string {
  if (kind !== 'anonymous') return 'Bearer realm="medkit", error="insufficient_scope"';
  return refused === undefined ? 'Bearer realm="medkit"' : 'Bearer realm="medkit", error="invalid_token"';
}
