import type { RosMessage } from '../types/message.ts';

/** Timeout, cancellation and allowed servers of a call. */
export interface CallOptions {
  /** Maximum time until the response, milliseconds, including the wait for a server. */
  readonly timeoutMs: number;
  /** Aborts the call: it rejects with `CallAborted`, and a later response is dropped. */
  readonly signal?: AbortSignal;
  /**
   * GIDs of server endpoints that may receive the request; by default any server. Several nodes may offer a service of
   * the same name.
   */
  readonly servers?: readonly string[];
}

/**
 * A client of a service. A call waits for a ready server: matched, on its side too. The request is sent to that server
 * only, in the style of its middleware, which other servers could not decode. Up to `MAX_CALLS_PER_CLIENT` calls may be
 * open.
 */
export interface ServiceClient {
  /** Full name: `/lidar_driver/get_parameters`. */
  readonly service: string;
  /** `rcl_interfaces/srv/GetParameters`. */
  readonly type: string;
  /** Returns the number of servers that can receive a request now. */
  ready(): Promise<number>;
  /**
   * Calls the service. Rejects with `ServiceUnavailable` if no server becomes ready in time or the last one disappears
   * before. Rejects with `CallTimeout` if a server does not answer, and with `ServerLost` if it disappears with the
   * request. `InvalidMessage`: the request does not fit its type. `MalformedMessage`: the response does not. Other
   * errors: `CallAborted`, `TooManyCalls`, `UnknownType` and `AlreadyClosed`.
   */
  call(request: RosMessage, options: CallOptions): Promise<RosMessage>;
  /**
   * Like `call`, with serialised data that includes the encapsulation header but no middleware header. Needs no
   * definition.
   */
  callSerialised(request: Uint8Array, options: CallOptions): Promise<Uint8Array>;
  /** Rejects open calls with `AlreadyClosed`. */
  close(): Promise<void>;
}

/**
 * Answers a request. Exceptions are counted and not answered, because ROS cannot report them: the client's call times
 * out.
 */
export type ServiceHandler = (request: RosMessage) => Promise<RosMessage> | RosMessage;

export interface ServiceServer {
  readonly service: string;
  readonly type: string;
  close(): Promise<void>;
}
