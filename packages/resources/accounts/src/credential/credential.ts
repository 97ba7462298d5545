import type { Permission } from '@medkit/contract';
import type { ProviderGrant } from '../grant/grant.ts';

/** A verified credential. Its permissions are resolved for each request. */
export type Credential = KeyCredential | SessionCredential | TokenCredential | ProviderCredential;

export interface KeyCredential {
  readonly kind: 'key';
  /** Id of the key, as listed. */
  readonly id: string;
  /** Milliseconds since the epoch; absent for a key that never expires. */
  readonly expiresMs?: number;
}

export interface SessionCredential {
  readonly kind: 'session';
  /** Id of the session, as listed. */
  readonly id: string;
  /** End of its lifetime, even if it is in use. */
  readonly expiresMs: number;
}

export interface TokenCredential {
  readonly kind: 'jwt';
  /** `jti`. */
  readonly id: string;
  readonly expiresMs: number;
  /** `client:fleet` or `user:alice`. */
  readonly subject: string;
  /** Id of the login that all these tokens derive from. */
  readonly family: string;
  /** Permissions of the token, if fewer than those of its subject. */
  readonly permissions?: ReadonlySet<Permission>;
}

/** An account of an identity provider, with the role that its token or its login gave it. */
export interface ProviderAccount {
  /** Principal id. */
  readonly id: string;
  readonly issuer: string;
  /** `sub`: the id of the account at the provider. */
  readonly subject: string;
  readonly role: string;
  /** Robots of the fleet to which it is limited, each with its role there; absent for the whole fleet. */
  readonly grants?: readonly ProviderGrant[];
}

/** A verified access token of an identity provider. */
export interface ProviderCredential extends ProviderAccount {
  readonly kind: 'oidc';
  readonly expiresMs: number;
}
