import { resourceUri } from '../routes/route-address.ts';
import type { EntityRef } from '../routes/route-types.ts';
import { type Sample, type SampleRequest, sampleOf } from './sample.ts';

/** A subscription ends by itself so soon after nobody extends it. */
const DURATION_S = 300;
/** Two extensions may fail before it does. */
const EXTEND_EVERY_MS = 100_000;
/** So long a gateway is waited for that is to delete a subscription: whoever ends one does not want to wait for a dead one. */
const DELETE_WITHIN_MS = 2000;

/** What can be subscribed to is of these. */
export const SUBSCRIBABLE = ['app', 'component', 'function'] as const;
export type Subscribable = EntityRef<(typeof SUBSCRIBABLE)[number]>;

interface Subscription {
  readonly entity: Subscribable;
  readonly path: { readonly subscription_id: string };
}

/**
 * The values that one cyclic subscription tells, which is extended as long as somebody reads them, and deleted then. Ends where
 * the subscription is gone; throws what `call` and `events` throw. One whose making is cut off by the signal ends by itself.
 */
export async function* subscribed(request: SampleRequest, entity: Subscribable): AsyncGenerator<Sample> {
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

/** Where it fails the subscription ends, its stream too, and whoever wants to go on makes another one. */
async function extend({ client }: SampleRequest, subscription: Subscription, signal: AbortSignal): Promise<void> {
  for (;;) {
    await client.pause(EXTEND_EVERY_MS, signal);
    if (signal.aborted) return;
    const body = { duration: DURATION_S };
    await client.call('updateSubscription', { ...subscription, body, signal }).catch(() => undefined);
  }
}

/** Where it fails it is gone already, or ends by itself soon. */
async function remove({ client }: SampleRequest, subscription: Subscription): Promise<void> {
  const over = new AbortController();
  void client
    .call('deleteSubscription', { ...subscription, signal: over.signal })
    .catch(() => undefined)
    .finally(() => over.abort());
  await client.pause(DELETE_WITHIN_MS, over.signal);
  over.abort();
}
