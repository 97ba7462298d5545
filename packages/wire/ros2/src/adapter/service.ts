import type { RosMessage } from './message.ts';

/** How long a call may take and how it is given up. */
export interface CallOptions {
  /** Milliseconds from now by which the response is of use, the wait for a server included. */
  readonly timeoutMs: number;
  /** Gives the call up: it rejects with `CallAborted`, and a response that comes later is dropped. */
  readonly signal?: AbortSignal;
  /**
   * GIDs of endpoints of the servers that the request may go to; any server unless given. Several nodes may offer a service of
   * one name.
   */
  readonly servers?: readonly string[];
}

/**
 * A client of a service. A call waits for a server that is ready: matched, and known to be so on its side too. It goes to
 * that server alone, in the style of its middleware: a foreign one could not read it. Any number of calls may be under way
 * up to `MAX_CALLS_PER_CLIENT`.
 */
export interface ServiceClient {
  /** Full name: `/lidar_driver/get_parameters`. */
  readonly service: string;
  /** `rcl_interfaces/srv/GetParameters`. */
  readonly type: string;
  /** Servers that would get a request now. */
  ready(): Promise<number>;
  /**
   * Rejects with `ServiceUnavailable` where no server is ready in time or the last one goes away before it is, `CallTimeout`
   * where one is and does not answer, `ServerLost` where it goes away with the request, `CallAborted`, `TooManyCalls`, `InvalidMessage` for a request that does not
   * fit its type, `MalformedMessage` for a response that does not, `UnknownType` and `AlreadyClosed`.
   */
  call(request: RosMessage, options: CallOptions): Promise<RosMessage>;
  /** The same with serialised data, encapsulation header included and no header of the middleware: needs no definition. */
  callSerialised(request: Uint8Array, options: CallOptions): Promise<Uint8Array>;
  /** Calls under way are rejected with `AlreadyClosed`. */
  close(): Promise<void>;
}

/**
 * Answers a request. What it throws is counted and not answered, as ROS has no word for it: the client runs into its
 * time-out.
 */
export type ServiceHandler = (request: RosMessage) => Promise<RosMessage> | RosMessage;

export interface ServiceServer {
  readonly service: string;
  readonly type: string;
  close(): Promise<void>;
}
