import type { Permission } from '@medkit/contract';
import type { Refusal } from '../credential/refusal.ts';

/** What tokens are signed with. One of them, and nothing that says otherwise of itself is taken. */
export type Signing =
  /** At least 32 characters, known to all who issue and verify. */
  | { readonly algorithm: 'HS256'; readonly secret: string }
  /** Texts of the keys, PEM. */
  | { readonly algorithm: 'RS256'; readonly privateKey: string; readonly publicKey: string }
  /** An Ed25519 key that is made with the first token, and kept with the accounts. */
  | { readonly algorithm: 'EdDSA' };

export interface TokenOptions {
  readonly signing: Signing;
  readonly issuer: string;
  /** For whom tokens are: those for anybody else are refused. */
  readonly audience: string;
  /** Tokens name no audience, and one that names none is taken: for what reads the tokens of ros2_medkit. */
  readonly withoutAudience?: boolean;
  readonly accessMs: number;
  readonly refreshMs: number;
  /** False: a refresh token is used again and again, as with ros2_medkit (default: each once). */
  readonly rotation?: boolean;
}

/** What tokens are asked for with, RFC 6749 4.3, 4.4 and 6. */
export type Grant =
  | {
      readonly type: 'client_credentials';
      readonly clientId: string;
      readonly clientSecret: string;
      /** All that the tokens are to be for. */
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
  /** Of the access token. */
  readonly expiresInSec: number;
  readonly role: string;
  /** Id of the principal that it is for. */
  readonly subject: string;
}

/** Tokens that are signed and say for themselves until when they count. What is changed is on disk when it resolves. */
export interface Tokens {
  /** Gives `no-tokens` where none are issued. Rejects with `TooManyLogins` where too many passwords wait, or too many of `asker`. */
  grant(grant: Grant, asker?: string): Promise<Granted | Refusal>;
  /**
   * Revokes a refresh token with all tokens of its login, or a single access token. Resolves with the subject, or with
   * `undefined` if nothing was revoked: the text is no token of this gateway, or was revoked before.
   */
  revoke(token: string): Promise<string | undefined>;
}
