import { SovdError } from '@medkit/contract';
import { type JsonValue, type SubscriptionEvent, stringifyCached, stringifyJson } from '@medkit/core';
import type { Sampled } from './resource-sampler.ts';

/** An event of a subscription with its JSON text, made once for all viewers. */
export interface SerializedEvent {
  readonly event: SubscriptionEvent;
  readonly text: string;
  /** See `Sampled.atNs`. */
  readonly atNs?: number | undefined;
}

/** Creates an event; `timestamp` is the time of sending. */
export function serializedEvent(timestamp: string, { payload, lasting, atNs }: Sampled): SerializedEvent {
  try {
    return { ...written({ timestamp, payload }, lasting), atNs };
  } catch (error) {
    // A plugin's value cannot be written as JSON.
    return serializedError(timestamp, error);
  }
}

/** Creates an error event. The message of an error other than `SovdError` is not shown. */
export function serializedError(timestamp: string, error: unknown): SerializedEvent {
  const publicError = error instanceof SovdError ? error : new SovdError({ code: 'internal-error' });
  const { error_code, message, vendor_code } = publicError.body();
  return written({ timestamp, error: { error_code, message, ...(vendor_code && { vendor_code }) } });
}

/**
 * Returns whether two events have the same value. Also compares payloads, since several samples of one datagram have
 * the same time.
 */
export function isSame(one: SerializedEvent, other: SerializedEvent): boolean {
  if (one.atNs === undefined || one.atNs !== other.atNs) return false;
  return payloadText(one) === payloadText(other);
}

function payloadText({ event }: SerializedEvent): string | undefined {
  return 'payload' in event ? stringifyJson(event.payload) : undefined;
}

function written(event: SubscriptionEvent, lasting?: JsonValue): SerializedEvent {
  return { event, text: stringifyCached(event, new Set([lasting])) };
}
