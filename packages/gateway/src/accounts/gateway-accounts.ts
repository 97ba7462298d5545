import type { Accounts, Credential } from '@medkit/accounts';
import type { RootAuth } from '@medkit/contract';
import type { Clock, Quota } from '@medkit/edges';
import type { LoginThrottle } from '../limits/login-throttle.ts';
import type { SingleSignOn } from '../oidc/single-sign-on.ts';
import type { KnownAccounts } from '../security/identify.ts';

/** Tickets for event streams, each valid once and for a short time. */
export interface StreamTickets {
  /** Issues a ticket with the permissions of `credential`, for this path alone. Throws `TooMany`. */
  issue(credential: Credential, path: string): { readonly ticket: string; readonly expiresInSec: number };
  redeem(ticket: string, path: string): Credential | undefined;
  /** Limits the unused tickets. */
  readonly quota: Pick<Quota, 'figures'>;
}

/** The setup code for the first user. */
export interface Setup {
  /** When the code expires; `undefined` if setup is over or was never enabled. */
  readonly untilMs: number | undefined;
  /** Returns whether this is the code. */
  accepts(code: string): boolean;
  /** Ends the setup. */
  done(): Promise<void>;
}

/** The accounts of a gateway and everything around them. */
export interface GatewayAccounts extends Pick<KnownAccounts, 'cookieName' | 'requiredFor'> {
  readonly accounts: Accounts;
  readonly tickets: StreamTickets;
  readonly throttle: Pick<LoginThrottle, 'admit' | 'failed' | 'succeeded'>;
  readonly clock: Clock;
  /** Lifetime of the cookie in the browser, seconds. */
  readonly cookieSec: number;
  /** Cookies that identify a browser in which a user logged in before. */
  readonly devices: {
    /** Returns a new device cookie for a browser in which this user logged in. */
    markOf(user: string): string;
    /** Returns the device id in a cookie; `undefined` if the cookie is not valid for this user. */
    idOf(user: string, mark: string | undefined): string | undefined;
  };
  /** Returns the stored key for positions in event streams. */
  positionKey(): Promise<Uint8Array>;
  readonly setup: Setup;
  /** Present if users log in at an identity provider. */
  readonly singleSignOn?: SingleSignOn | undefined;
  /** For the root document. */
  readonly about: RootAuth;
}
