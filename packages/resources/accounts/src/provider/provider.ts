import type { JSONWebKeySet } from 'jose';
import type { ProviderAccount, ProviderCredential } from '../credential/credential.ts';
import type { Refusal } from '../credential/refusal.ts';
import type { ProviderGrant } from '../grant/grant.ts';

/** The published keys of an identity provider. */
export interface ProviderKeys {
  /** Returns the stored keys, or fetches them; `undefined` if there are none that are recent enough. */
  current(): Promise<JSONWebKeySet | undefined>;
  /** Fetches the keys again, because no stored key matches. Limits itself to one request each 30 s. */
  newer(): Promise<JSONWebKeySet | undefined>;
}

export interface ProviderOptions {
  /** Must equal `iss`, character by character. */
  readonly issuer: string;
  /** Must be one of `aud`: tokens for other services of the company are rejected. */
  readonly audience: string;
  /** Claim with the groups of an account: its name, a path with dots, or a JSON pointer (RFC 6901). */
  readonly roleClaim: string;
  /** Role of each group. Of several roles the one with the most permissions applies. */
  readonly roleMap: ReadonlyMap<string, string>;
  /** Grant of each group, which applies to accounts without a role of `roleMap`. */
  readonly grantMap: ReadonlyMap<string, ProviderGrant>;
  readonly keys: ProviderKeys;
}

/** Tolerated difference between the clocks of provider and gateway. */
export const CLOCK_TOLERANCE_MS = 60_000;

/** Verifies tokens of an identity provider. */
export interface ProviderTokens {
  /** Sessions of accounts of another issuer are revoked. */
  readonly issuer: string;
  /** Returns whether a text names this issuer. Says nothing about its signature. */
  isFrom(text: string): boolean;
  /** Verifies an access token (RFC 9068) and returns the account with its role. */
  verify(text: string): Promise<ProviderCredential | Refusal>;
}

/** The tokens that a login of a user in a browser returned. */
export interface ProviderLogin {
  readonly idToken: string;
  readonly accessToken: string;
  /** Id of this gateway at the provider. */
  readonly clientId: string;
  /** The value that the gateway sent with the login. */
  readonly nonce: string;
  /** Fetches the user info; `undefined` if the provider offers none. */
  userInfo(): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** The tokens that a refresh token of a login returned. */
export interface ProviderRenewal extends Omit<ProviderLogin, 'idToken' | 'nonce'> {
  /** The subject of the login. */
  readonly subject: string;
  /** Absent if the provider returns it only with the login (OpenID Connect Core 12.2). */
  readonly idToken?: string | undefined;
}

/** Verifies logins of users in a browser. */
export interface ProviderLogins {
  /** Returns the account with its present groups. */
  verifyRenewal(renewal: ProviderRenewal): Promise<ProviderAccount | Refusal>;
  verifyLogin(login: ProviderLogin): Promise<ProviderAccount | Refusal>;
}
