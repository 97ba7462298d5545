/** A request as it is sent: nothing is added but what carries it. */
export interface ReceiverRequest {
  readonly method: 'GET' | 'POST' | 'PUT';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Texts of it that no error and no reply may show to anybody. */
  readonly secrets: readonly string[];
}

/** Receivers that the configuration names, whose messages have a shape of their own. */
export interface Receivers {
  /**
   * What is sent to the receiver with this name for the `data` of an event: anew for every try, so that it is what the
   * configuration says by then. `undefined` where none is called so; rejects where it cannot be made now.
   */
  requestOf(
    name: string,
    message: { readonly messageId: string; readonly data: string },
  ): Promise<ReceiverRequest | undefined>;
}
