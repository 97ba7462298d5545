import type { ProviderAccount } from '../credential/credential.ts';

/** A login of a user in a browser, without the secret of the cookie. */
export interface Session {
  readonly id: string;
  /** Name of the user, or principal id of an account of the identity provider. */
  readonly user: string;
  /** The account of the identity provider; absent for a user of this gateway. */
  readonly account?: ProviderAccount;
  readonly createdMs: number;
  /** Last use, accurate to a minute. */
  readonly lastUsedMs: number;
  /** End of its lifetime, even if it is in use. */
  readonly expiresMs: number;
  /** User agent and address of the browser, which let users recognize their sessions. */
  readonly userAgent: string;
  readonly address: string;
}

/** A session of an account of the identity provider whose groups can be read again. */
export interface RenewableSession {
  readonly id: string;
  readonly account: ProviderAccount;
  /** The encrypted refresh token. */
  readonly renewal: string;
  /** When the groups were read last, by the wall clock. */
  readonly renewedMs: number;
}

/** The sessions of browsers. A change is on disk when its promise resolves. */
export interface Sessions {
  /** Lists the sessions of one user, or all; newest first. */
  list(user?: string): readonly Session[];
  find(id: string): Session | undefined;
  /**
   * Starts a session after a correct password. If there are too many, ends the one idle longest. Returns the cookie
   * value, which is not stored: send it now. Rejects with `UnknownName`.
   */
  begin(
    user: string,
    from: { readonly userAgent: string; readonly address: string },
  ): Promise<{ readonly session: Session; readonly cookie: string }>;
  /**
   * Starts a session of an account that the identity provider has verified. It ends after `lifeMs` at the latest.
   * `renewal` is an encrypted refresh token to store.
   */
  beginForProvider(
    account: ProviderAccount,
    from: { readonly userAgent: string; readonly address: string; readonly lifeMs: number; readonly renewal?: string },
  ): Promise<{ readonly session: Session; readonly cookie: string }>;
  /** Lists the sessions whose groups can be read again. */
  renewable(): readonly RenewableSession[];
  /** Replaces the rights of a session and its refresh token. Returns false if the session does not exist. */
  renew(id: string, account: ProviderAccount, renewal: string): Promise<boolean>;
  /** Returns false if the session does not exist. */
  end(id: string): Promise<boolean>;
  /** Ends all sessions of a user except `keep`. Returns how many. */
  endOthers(user: string, keep?: string): Promise<number>;
  /**
   * Calls `listener` with each session that has ended and has a refresh token, whether a client ended it, it expired, or
   * another process removed it. Returns a function that removes the listener.
   */
  onEnd(listener: (ended: RenewableSession) => void): () => void;
}
