import type { Entity, ForwardReply, JsonObject, JsonValue } from '@medkit/core';
import { fieldsOf } from '../aggregates/fields-of.ts';
import { withDocument } from '../forwarding/document-of.ts';

/** A fault of another gateway as it was when it was copied, in the names that entities have there. */
export interface FaultCopy {
  /** The runtime that shows the gateway. */
  readonly peer: string;
  /** Who reported it there: `apps/motor`. */
  readonly holder: string;
  readonly code: string;
  /** As the list of its faults has it. */
  readonly item: JsonObject;
  /** Who reported it, and what that is in. */
  readonly entities: readonly Entity[];
  /** When it was copied, wall clock milliseconds. */
  readonly asOfMs: number;
  /** Octets of all that is kept of it. */
  readonly bytes: number;
  /** Whether the gateway had it when its list was read last: one that was replaced by another has it no more. */
  readonly isListed: boolean;
}

/** A document of another gateway; `undefined` where it is no object. */
export function objectOf(value: JsonValue | undefined): JsonObject | undefined {
  return fieldsOf(value) as JsonObject | undefined;
}

/** A document with when it was copied. */
export function withDate(document: JsonObject, { asOfMs }: Pick<FaultCopy, 'asOfMs'>): JsonObject {
  const about = { ...objectOf(document['x-medkit']), as_of: new Date(asOfMs).toISOString() };
  return { ...document, 'x-medkit': about };
}

/** A document as the reply of a gateway that is not there. */
export function documentReply(document: JsonObject): ForwardReply {
  return withDocument(
    { status: 200, headers: { 'content-type': 'application/json' }, close: () => undefined },
    document,
  );
}
