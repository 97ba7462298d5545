import type { Awaitable, CallContext } from './call-context.ts';

/** A request on an entity of another gateway, as that is to answer it. */
export interface ForwardRequest {
  readonly method: 'GET' | 'HEAD' | 'POST' | 'PUT' | 'DELETE';
  /** What follows the entity, percent-encoded: `/data/scan`; empty for the entity itself. */
  readonly path: string;
  /** Without its question mark. */
  readonly query: string;
  /** By name in lower case. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  /**
   * Who asks, as the gateways on the way found out, and what that one may, parted by commas; told to a gateway that knows this
   * one by a token.
   */
  readonly onBehalfOf?: { readonly name: string; readonly permissions: string };
  readonly body?: Uint8Array | AsyncIterable<Uint8Array>;
}

/** What it answers. */
export interface ForwardReply {
  readonly status: number;
  /** By name in lower case: those that are about what the reply says. */
  readonly headers: Readonly<Record<string, string>>;
  /** To be read once, or left by `close`. Throws where it breaks off. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The same at once, where it is short. */
  readonly octets?: Uint8Array;
  close(): void;
}

/** Answers whole requests: another gateway serves all collections of its entities, those as well that are unknown here. */
export interface ForwardProvider {
  /**
   * The reply as soon as it begins. An empty native id is the gateway itself. Rejects with `x-medkit-peer-unavailable` where no
   * reply begins; whatever it answers, also that something is not there, is a reply.
   */
  send(nativeId: string, request: ForwardRequest, call: CallContext): Awaitable<ForwardReply>;
  /** What was kept of it that a client may read where no reply begins; `undefined` where nothing of the kind was. Asks nobody. */
  kept?(nativeId: string, request: ForwardRequest, call: CallContext): Awaitable<ForwardReply | undefined>;
}
