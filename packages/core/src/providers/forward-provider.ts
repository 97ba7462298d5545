import type { Awaitable, CallContext } from './call-context.ts';

/** A request for an entity of another gateway, to be answered there. */
export interface ForwardRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** The rest of the path after the entity, percent-encoded: `/data/scan`; empty for the entity itself. */
  readonly path: string;
  /** Without the question mark. */
  readonly query: string;
  /** By lower-case name. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /**
   * The authenticated caller and its permissions, separated by commas. Sent only to a gateway that authenticates this
   * one by a token.
   */
  readonly onBehalfOf?: { readonly name: string; readonly permissions: string };
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** The reply of the other gateway. */
export interface ForwardReply {
  readonly status: number;
  /** By lower-case name; only headers that describe the content of the reply. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be read once, or released with `close`. Throws if the connection breaks. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The complete body, if it is short enough to be available immediately. */
  readonly octets?: Uint8Array;
  close(): void;
}

/**
 * Forwards whole requests: another gateway serves all collections of its entities, including collections that are
 * unknown here.
 */
export interface ForwardProvider {
  /**
   * Returns the reply when its headers have arrived. An empty native id is the gateway itself. Rejects with
   * `x-medkit-peer-unavailable` if no reply begins. Error statuses such as 404 are replies.
   */
  send(nativeId: string, request: ForwardRequest, call: CallContext): Awaitable<ForwardReply>;
  /**
   * Returns a cached reply for use while the other gateway is unavailable, or `undefined` if none is cached. Sends no
   * request.
   */
  kept?(nativeId: string, request: ForwardRequest, call: CallContext): Awaitable<ForwardReply | undefined>;
}
