import type { SubscriptionInterval } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import type { Client } from '../client.ts';
import type { FollowOptions } from '../events/follow-events.ts';
import type { EntityRef } from '../routes/route-types.ts';

/** The item of data to read, and the signal that ends reading. */
export interface SampleRequest extends Pick<FollowOptions, 'maxPauseMs' | 'onPause'> {
  readonly client: Client;
  readonly entity: EntityRef;
  readonly dataId: string;
  readonly interval: SubscriptionInterval;
  readonly signal: AbortSignal;
}

/** A value, or the reason why there is none at present. */
export interface Sample {
  /** The original document: `{"timestamp", "payload"}` or `{"timestamp", "error"}`. */
  readonly text: string;
  readonly value?: unknown;
  readonly error?: string;
}

/** Parses an event of a subscription. */
export function sampleOf(text: string): Sample {
  const { payload, error } = parseJson(text) as {
    readonly payload?: { readonly data?: unknown };
    readonly error?: { readonly message?: string };
  };
  return error ? { text, error: error.message ?? 'no value' } : { text, value: payload?.data };
}
