import { SovdError } from '@medkit/contract';
import { type JsonValue, type SubscriptionEvent, splicedJson, stringifyJson } from '@medkit/core';
import type { Sampled } from './resource-sampler.ts';

/** An event of a subscription, and its JSON: made once, however many hear it. */
export interface Statement {
  readonly event: SubscriptionEvent;
  readonly text: string;
  /** As `Sampled.atNs`. */
  readonly atNs?: number | undefined;
}

/** `timestamp` is when it is told. */
export function statementOf(timestamp: string, { payload, lasting, atNs }: Sampled): Statement {
  try {
    return { ...written({ timestamp, payload }, lasting), atNs };
  } catch (error) {
    // What a plugin gave cannot be written as JSON.
    return errorStatement(timestamp, error);
  }
}

/** What is no `SovdError` keeps its wording to itself. */
export function errorStatement(timestamp: string, error: unknown): Statement {
  const shown = error instanceof SovdError ? error : new SovdError({ code: 'internal-error' });
  const { error_code, message, vendor_code } = shown.body();
  return written({ timestamp, error: { error_code, message, ...(vendor_code && { vendor_code }) } });
}

/** Whether the two tell one value. What came at one moment can still be several, as samples of one datagram. */
export function isSame(one: Statement, other: Statement): boolean {
  if (one.atNs === undefined || one.atNs !== other.atNs) return false;
  return payloadText(one) === payloadText(other);
}

function payloadText({ event }: Statement): string | undefined {
  return 'payload' in event ? stringifyJson(event.payload) : undefined;
}

function written(event: SubscriptionEvent, lasting?: JsonValue): Statement {
  return { event, text: splicedJson(event, new Set([lasting])) };
}
