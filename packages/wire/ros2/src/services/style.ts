import type { Guid, Sample, SampleIdentity } from '@medkit/rtps';

/** Which request a response is for. */
export interface RequestIdentity {
  /** The client, by the name that its style gives it: hex digits. */
  readonly client: string;
  /** Counted by the client. */
  readonly sequenceNumber: number;
}

/** A request or response as it is written. */
export interface Outgoing {
  readonly payload: Uint8Array;
  readonly relatedIdentity?: SampleIdentity;
}

/** A request or response as it was received. */
export interface Incoming {
  readonly identity: RequestIdentity;
  /** The message of ROS with its encapsulation header, and nothing of the middleware. */
  readonly cdr: Uint8Array;
}

/** How one RMW implementation carries requests and responses over DDS. Readers give `undefined` for what is none. */
export interface ServiceStyle {
  /** The name of a client, by the reader of its responses. */
  clientName(replyReader: Guid): string;
  request(cdr: Uint8Array, identity: RequestIdentity): Outgoing;
  readRequest(sample: Sample): Incoming | undefined;
  response(cdr: Uint8Array, identity: RequestIdentity): Outgoing;
  readResponse(sample: Sample): Incoming | undefined;
}
