import type { Permission } from '@medkit/contract';

/** Something that was shown and found to be genuine. What it allows is looked up for each request anew. */
export type Credential = KeyCredential | SessionCredential | TokenCredential;

export interface KeyCredential {
  readonly kind: 'key';
  /** Of the key, as it is listed. */
  readonly id: string;
  /** Milliseconds since the epoch; absent for one that never ends. */
  readonly expiresMs?: number;
}

export interface SessionCredential {
  readonly kind: 'session';
  /** Of the session, as it is listed. */
  readonly id: string;
  /** When it ends however much it is used. */
  readonly expiresMs: number;
}

export interface TokenCredential {
  readonly kind: 'jwt';
  /** `jti`. */
  readonly id: string;
  readonly expiresMs: number;
  /** `client:fleet` or `user:alice`. */
  readonly subject: string;
  /** All tokens that go back to one login. */
  readonly family: string;
  /** All that it is for, where that is less than what its subject may do. */
  readonly permissions?: ReadonlySet<Permission>;
}
