import type { IncomingHttpHeaders } from 'node:http';
import type { Credential as AccountCredential } from '@medkit/accounts';
import type { Principal } from '@medkit/core';

/** What identified the sender of a request. It stays the same even if the account behind it changes. */
export type Credential = AccountCredential | BuiltInCredential | CertificateCredential;

/** Credentials without an account: none, the server's token, a plugin's, or the connection of a fleet hub. */
interface BuiltInCredential {
  readonly kind: 'none' | 'token' | 'plugin' | 'hub';
  readonly id: string;
  readonly expiresMs?: undefined;
}

/** The client certificate of a connection; `id` has the rule that it matched. */
export interface CertificateCredential {
  readonly kind: 'certificate';
  readonly id: string;
  readonly expiresMs: number;
}

/** The sender of a request, as far as it is identified. */
export interface Identity {
  readonly principal: Principal;
  readonly credential: Credential;
  /** Why the credentials are invalid: `expired`, `revoked`, … */
  readonly refused?: string;
  /** True if nothing is served over the connection, not even what is public: it needs a client certificate. */
  readonly isBarred?: boolean;
}

/** The parts of a request that identify its sender. */
export interface RequestSender {
  readonly method: string;
  /** As received. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  /** The connection. */
  readonly socket?: object;
}

/**
 * Returns whether the client is unauthenticated on a gateway that requires credentials for this request. True without a
 * principal: the request was rejected before its client was identified.
 */
export function lacksCredentials(principal: Pick<Principal, 'kind' | 'role'> | undefined): boolean {
  return principal === undefined || (principal.kind === 'anonymous' && principal.role === '');
}

/** Returns the name of the hub that sent a request over the uplink; `undefined` for any other client. */
export function hubOf({ principal: { id, kind } }: { readonly principal: Principal }): string | undefined {
  return kind === 'hub' ? id.slice('hub:'.length) : undefined;
}
