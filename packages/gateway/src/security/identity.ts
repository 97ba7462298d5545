import type { IncomingHttpHeaders } from 'node:http';
import type { Credential as AccountCredential } from '@medkit/accounts';
import type { Principal } from '@medkit/core';

/** What a request was let in by. It stays the same, whatever becomes of what it stands for. */
export type Credential = AccountCredential | OwnCredential;

/** Of whom no account knows: who sent nothing, who has the server's token, and plugins. */
interface OwnCredential {
  readonly kind: 'none' | 'token' | 'plugin';
  readonly id: string;
  readonly expiresMs?: undefined;
}

/** Who sent a request, as far as it was found out. */
export interface Identity {
  readonly principal: Principal;
  readonly credential: Credential;
  /** Why what came with the request lets nobody in: `expired`, `revoked`, … */
  readonly refused?: string;
}

/** What of a request tells who sent it. */
export interface Asking {
  readonly method: string;
  /** As it came. */
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
}

/** Returns whether the client is unauthenticated on a gateway that requires credentials for this request. */
export function isStranger({ kind, role }: Pick<Principal, 'kind' | 'role'>): boolean {
  return kind === 'anonymous' && role === '';
}
