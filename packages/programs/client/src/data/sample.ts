import type { SubscriptionInterval } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import type { Client } from '../client.ts';
import type { FollowOptions } from '../events/follow-events.ts';
import type { EntityRef } from '../routes/route-types.ts';

/** Which item of data is told, and until when. */
export interface SampleRequest extends Pick<FollowOptions, 'maxPauseMs' | 'onPause'> {
  readonly client: Client;
  readonly entity: EntityRef;
  readonly dataId: string;
  readonly interval: SubscriptionInterval;
  readonly signal: AbortSignal;
}

/** A value as it came, or why there is none at the moment. */
export interface Sample {
  /** The document as it came: `{"timestamp", "payload"}` or `{"timestamp", "error"}`. */
  readonly text: string;
  readonly value?: unknown;
  readonly error?: string;
}

/** What an event of a subscription says. */
export function sampleOf(text: string): Sample {
  const { payload, error } = parseJson(text) as {
    readonly payload?: { readonly data?: unknown };
    readonly error?: { readonly message?: string };
  };
  return error ? { text, error: error.message ?? 'no value' } : { text, value: payload?.data };
}
