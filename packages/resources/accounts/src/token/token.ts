import type { Permission } from '@medkit/contract';
import type { Refusal } from '../credential/refusal.ts';

/** How tokens are signed. Only the configured variant is accepted. */
export type Signing =
  /** At least 32 characters, shared by all issuers and verifiers. */
  | { readonly algorithm: 'HS256'; readonly secret: string }
  /** The keys as PEM texts. */
  | { readonly algorithm: 'RS256'; readonly privateKey: string; readonly publicKey: string }
  /** An Ed25519 key, created with the first token and stored with the accounts. */
  | { readonly algorithm: 'EdDSA' };

export interface TokenOptions {
  readonly signing: Signing;
  readonly issuer: string;
  /** Audience of the tokens; a token for a different audience is rejected. */
  readonly audience: string;
  /**
   * Issues tokens without an audience and accepts tokens without one, for programs that read the tokens of ros2_medkit.
   */
  readonly withoutAudience?: boolean;
  readonly accessMs: number;
  readonly refreshMs: number;
  /** False: a refresh token can be used repeatedly, as in ros2_medkit (default: once). */
  readonly rotation?: boolean;
}

/** A token request, RFC 6749 4.3, 4.4 and 6. */
export type Grant =
  | {
      readonly type: 'client_credentials';
      readonly clientId: string;
      readonly clientSecret: string;
      /** Restricts the tokens to these permissions. */
      readonly permissions?: readonly Permission[];
    }
  | {
      readonly type: 'password';
      readonly name: string;
      readonly password: string;
      readonly permissions?: readonly Permission[];
    }
  | { readonly type: 'refresh_token'; readonly refreshToken: string };

export interface Granted {
  readonly accessToken: string;
  readonly refreshToken: string;
  /** Lifetime of the access token in seconds. */
  readonly expiresInSec: number;
  readonly role: string;
  /** Principal id of the token. */
  readonly subject: string;
}

/** Signed tokens with an expiry. A change is on disk when its promise resolves. */
export interface Tokens {
  /**
   * Issues tokens. Resolves with `no-tokens` if tokens are disabled. Rejects with `TooManyLogins` if too many password
   * comparisons wait, or too many of `asker`.
   */
  grant(grant: Grant, asker?: string): Promise<Granted | Refusal>;
  /**
   * Revokes a refresh token with all tokens of its login, or a single access token. Resolves with the subject, or with
   * `undefined` if nothing was revoked: the text is no token of this gateway, or was already revoked.
   */
  revoke(token: string): Promise<string | undefined>;
}
