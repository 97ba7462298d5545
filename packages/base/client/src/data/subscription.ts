import { resourceUri } from '../routes/route-address.ts';
import type { EntityRef } from '../routes/route-types.ts';
import { type Sample, type SampleRequest, sampleOf } from './sample.ts';

/** Duration of a subscription in seconds. It expires unless it is extended. */
const DURATION_S = 300;
/** Interval between extensions: two may fail before the subscription expires. */
const EXTEND_EVERY_MS = 100_000;
/**
 * Maximum time to wait for the deletion of a subscription, so that an unreachable gateway does not delay the caller.
 */
const DELETE_WITHIN_MS = 2000;

/** Entity kinds that support subscriptions. */
export const SUBSCRIBABLE = ['app', 'component', 'function'] as const;
export type Subscribable = EntityRef<(typeof SUBSCRIBABLE)[number]>;

interface Subscription {
  readonly entity: Subscribable;
  readonly path: { readonly subscription_id: string };
}

/**
 * Yields the values of one cyclic subscription. Extends it while it is read and deletes it afterwards. Returns when the
 * subscription no longer exists; throws the errors of `call` and `events`. If the signal aborts its creation, the
 * subscription expires by itself.
 */
export async function* subscriptionSamples(request: SampleRequest, entity: Subscribable): AsyncGenerator<Sample> {
  const { client, dataId, interval, signal, maxPauseMs, onPause } = request;
  const resource = resourceUri(entity, `data/${encodeURIComponent(dataId.replace(/^\//, ''))}`);
  const body = { resource, interval, duration: DURATION_S };
  const { id } = await client.call('createSubscription', { entity, body, signal });
  const subscription = { entity, path: { subscription_id: id } };
  const reading = new AbortController();
  void extend(request, subscription, AbortSignal.any([signal, reading.signal]));
  try {
    const follow = { signal, ...(maxPauseMs !== undefined && { maxPauseMs }), ...(onPause && { onPause }) };
    for await (const { data } of client.events('streamSubscriptionEvents', { ...subscription, ...follow })) {
      if (signal.aborted) return;
      yield sampleOf(data);
    }
  } finally {
    reading.abort();
    await remove(request, subscription);
  }
}

/**
 * Extends the subscription until the signal is aborted. Ignores failures: the subscription then expires, its stream
 * ends, and the caller creates a new one.
 */
async function extend({ client }: SampleRequest, subscription: Subscription, signal: AbortSignal): Promise<void> {
  for (;;) {
    await client.pause(EXTEND_EVERY_MS, signal);
    if (signal.aborted) return;
    const body = { duration: DURATION_S };
    await client.call('updateSubscription', { ...subscription, body, signal }).catch(() => undefined);
  }
}

/** Deletes the subscription. Ignores failures: it no longer exists or expires soon. */
async function remove({ client }: SampleRequest, subscription: Subscription): Promise<void> {
  const over = new AbortController();
  void client
    .call('deleteSubscription', { ...subscription, signal: over.signal })
    .catch(() => undefined)
    .finally(() => over.abort());
  await client.pause(DELETE_WITHIN_MS, over.signal);
  over.abort();
}
