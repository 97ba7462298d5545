import { type Entity, type ForwardReply, fieldsOf, type JsonObject } from '@medkit/core';
import { withDocument } from '../forwarding/parse-document.ts';

/** A copied fault of a peer, with the entity ids of that peer. */
export interface FaultCopy {
  /** The runtime of the peer. */
  readonly peer: string;
  /** Its reporter there: `apps/motor`. */
  readonly holder: string;
  readonly code: string;
  /** The item in the peer's list. */
  readonly item: JsonObject;
  /** The reporter and its containers. */
  readonly entities: readonly Entity[];
  /** Time of the copy, wall clock milliseconds. */
  readonly asOfMs: number;
  /** Stored bytes. */
  readonly bytes: number;
  /** Whether the peer's list contained it at the last read: a displaced fault is no longer listed. */
  readonly isListed: boolean;
}

/** Adds the time of the copy to a document. */
export function withCopyTime(document: JsonObject, { asOfMs }: Pick<FaultCopy, 'asOfMs'>): JsonObject {
  const about = { ...fieldsOf(document['x-medkit']), as_of: new Date(asOfMs).toISOString() };
  return { ...document, 'x-medkit': about };
}

/** Returns a document as the reply of an offline peer. */
export function documentReply(document: JsonObject): ForwardReply {
  return withDocument(
    { status: 200, headers: { 'content-type': 'application/json' }, close: () => undefined },
    document,
  );
}
