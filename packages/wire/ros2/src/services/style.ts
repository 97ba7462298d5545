import type { Guid, Sample, SampleIdentity } from '@medkit/rtps';

/** Identifies the request that a response answers. */
export interface RequestIdentity {
  /** The client's name in its style, hex digits. */
  readonly client: string;
  /** Assigned by the client. */
  readonly sequenceNumber: number;
}

/** A request or response to write. */
export interface Outgoing {
  readonly payload: Uint8Array;
  readonly relatedIdentity?: SampleIdentity;
}

/** A received request or response. */
export interface Incoming {
  readonly identity: RequestIdentity;
  /** The ROS message with its encapsulation header, without data of the middleware. */
  readonly cdr: Uint8Array;
}

/**
 * How one RMW implementation carries requests and responses over DDS. The read functions return `undefined` for invalid
 * samples.
 */
export interface ServiceStyle {
  /** Returns the name of a client, derived from its reply reader. */
  clientName(replyReader: Guid): string;
  request(cdr: Uint8Array, identity: RequestIdentity): Outgoing;
  readRequest(sample: Sample): Incoming | undefined;
  response(cdr: Uint8Array, identity: RequestIdentity): Outgoing;
  readResponse(sample: Sample): Incoming | undefined;
}
