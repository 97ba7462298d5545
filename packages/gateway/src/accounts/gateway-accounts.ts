import type { Accounts, Credential } from '@medkit/accounts';
import type { RootAuth } from '@medkit/contract';
import type { Clock, Quota } from '@medkit/edges';
import type { LoginThrottle } from '../limits/login-throttle.ts';
import type { KnownAccounts } from '../security/identify.ts';

/** Tickets for event streams, each good once and for a moment. */
export interface StreamTickets {
  /** For what `credential` may, on this path alone. Throws `TooMany`. */
  issue(credential: Credential, path: string): { readonly ticket: string; readonly expiresInSec: number };
  redeem(ticket: string, path: string): Credential | undefined;
  /** Bounds the tickets that wait to be used. */
  readonly quota: Pick<Quota, 'figures'>;
}

/** The code with which the first user is made, while there is none. */
export interface Setup {
  /** Until when it counts; `undefined` where it is over, or was never to be. */
  readonly untilMs: number | undefined;
  /** Whether this is the code. */
  accepts(code: string): boolean;
  /** It is not needed any more. */
  done(): Promise<void>;
}

/** Everything that a gateway has of accounts. */
export interface GatewayAccounts extends Pick<KnownAccounts, 'cookieName' | 'requiredFor'> {
  readonly accounts: Accounts;
  readonly tickets: StreamTickets;
  readonly throttle: Pick<LoginThrottle, 'admit' | 'failed' | 'succeeded'>;
  readonly clock: Clock;
  /** Seconds for which a browser keeps the cookie. */
  readonly cookieSec: number;
  /** Cookies by which a browser is known that has logged in as a user before. */
  readonly devices: {
    /** A new mark for a browser that has logged in as this user. */
    markOf(user: string): string;
    /** The id of the device whose mark this is; `undefined` if it is no mark of this user. */
    idOf(user: string, mark: string | undefined): string | undefined;
  };
  readonly setup: Setup;
  /** Of the root document. */
  readonly about: RootAuth;
}
