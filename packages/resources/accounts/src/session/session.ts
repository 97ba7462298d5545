/** A person who has logged in at a page, without the secret of the cookie. */
export interface Session {
  readonly id: string;
  /** Name of the user. */
  readonly user: string;
  readonly createdMs: number;
  /** When it was last used, to a minute. */
  readonly lastUsedMs: number;
  /** When it ends however much it is used. */
  readonly expiresMs: number;
  /** What the browser says of itself, and where it is: to tell one's own sessions apart. */
  readonly userAgent: string;
  readonly address: string;
}

/** The sessions of pages. What is changed is on disk when it resolves. */
export interface Sessions {
  /** Those of one user, or all; the newest first. */
  list(user?: string): readonly Session[];
  find(id: string): Session | undefined;
  /**
   * Of somebody whose password was right. The one that was idle longest makes place where there are too many. The cookie's
   * value is to be sent now: it is not kept. Rejects with `UnknownName`.
   */
  begin(
    user: string,
    from: { readonly userAgent: string; readonly address: string },
  ): Promise<{ readonly session: Session; readonly cookie: string }>;
  /** False where there is none. */
  end(id: string): Promise<boolean>;
  /** Ends all of a user but `keep`, and gives how many. */
  endOthers(user: string, keep?: string): Promise<number>;
}
