/** A complete request; the HTTP client only adds transport headers. */
export interface ReceiverRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Texts in it that must not appear in any error or shown reply. */
  readonly secrets: readonly string[];
}

/** Receivers of the configuration, which have specific message formats. */
export interface Receivers {
  /**
   * Builds the request to a receiver from the `data` of an event. Called for every attempt, so that it uses the current
   * configuration. Resolves with `undefined` if no receiver has this name; rejects if the request cannot be built now.
   */
  requestOf(
    name: string,
    message: { readonly messageId: string; readonly data: string },
  ): Promise<ReceiverRequest | undefined>;
}
