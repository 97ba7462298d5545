import { type Client, type EntityRef, GatewayRefused, GatewayUnreachable, resourceUri } from '@medkit/client';
import type { SubscriptionInterval } from '@medkit/contract';
import { parseJson } from '@medkit/core/json';
import { goesOn } from '../command/stop-signal.ts';
import { reconnecting } from '../remote/reconnecting.ts';

export interface Watching {
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

/** A subscription ends by itself so soon after nobody extends it. */
const DURATION_S = 300;
const EXTEND_EVERY_MS = 100_000;
const AGAIN_AFTER_MS = 1000;
/** Between two reads of data that nobody tells. */
const PERIODS_MS = { fast: 100, normal: 200, slow: 500 } as const;

const SUBSCRIBABLE = ['app', 'component', 'function'] as const;
type Subscribable = (typeof SUBSCRIBABLE)[number];

/**
 * The values of an item of data as they come, until `signal` is aborted: over a cyclic subscription, which is deleted in the
 * end and made anew where the gateway was restarted; by asking again and again where there are no such subscriptions.
 */
export async function* samples(watching: Watching): AsyncGenerator<Sample> {
  const { entity, signal } = watching;
  const kind = SUBSCRIBABLE.find((subscribable) => subscribable === entity.kind);
  if (kind === undefined) {
    yield* polledSamples(watching);
    return;
  }
  for (let isFirst = true; !signal.aborted; isFirst = false) {
    let id: string;
    try {
      id = await subscribe(watching, { kind, id: entity.id });
    } catch (error) {
      if (isFirst && isWithoutSubscriptions(error)) {
        yield* polledSamples(watching);
        return;
      }
      if (isFirst || !(error instanceof GatewayUnreachable)) throw error;
      await goesOn(AGAIN_AFTER_MS, signal);
      continue;
    }
    yield* subscription(watching, { kind, id: entity.id }, id);
    if (!signal.aborted) await goesOn(AGAIN_AFTER_MS, signal);
  }
}

async function subscribe({ client, dataId, interval }: Watching, entity: EntityRef<Subscribable>): Promise<string> {
  const resource = resourceUri(entity, `data/${encodeURIComponent(dataId.replace(/^\//, ''))}`);
  const body = { resource, interval, duration: DURATION_S };
  return (await client.call('createSubscription', { entity, body })).id;
}

/** A gateway of another make, or one that has them switched off. */
function isWithoutSubscriptions(error: unknown): boolean {
  return error instanceof GatewayRefused && [404, 405, 501].includes(error.status);
}

async function* subscription(
  { client, signal }: Watching,
  entity: EntityRef<Subscribable>,
  id: string,
): AsyncGenerator<Sample> {
  const path = { subscription_id: id };
  const extension = setInterval(() => {
    // Where it fails the subscription ends, its stream too, and another one is made.
    client.call('updateSubscription', { entity, path, body: { duration: DURATION_S } }).catch(() => undefined);
  }, EXTEND_EVERY_MS);
  try {
    const events = client.events('streamSubscriptionEvents', { entity, path, signal, ...reconnecting(client) });
    for await (const { data } of events) yield sampleOf(data);
  } finally {
    clearInterval(extension);
    // Gone already, or ending by itself soon.
    await client.call('deleteSubscription', { entity, path }).catch(() => undefined);
  }
}

function sampleOf(text: string): Sample {
  const { payload, error } = parseJson(text) as {
    readonly payload?: { readonly data?: unknown };
    readonly error?: { readonly message?: string };
  };
  return error ? { text, error: error.message ?? 'no value' } : { text, value: payload?.data };
}

/** The values of an item of data by reading it again and again; one that is the same as before is left out. */
async function* polledSamples({ client, entity, dataId, interval, signal }: Watching): AsyncGenerator<Sample> {
  let last: string | undefined;
  do {
    const sample = await read();
    if (signal.aborted) return;
    if (sample && sample.text !== last) {
      last = sample.text;
      yield sample;
    }
  } while (await goesOn(PERIODS_MS[interval], signal));

  async function read(): Promise<Sample | undefined> {
    try {
      const { text, value } = await client.ask('getDataItem', { entity, path: { data_id: dataId }, signal });
      return value['x-medkit']?.status === 'metadata_only' ? { text, error: 'no value' } : { text, value: value.data };
    } catch (error) {
      if (signal.aborted) return undefined;
      if (error instanceof GatewayRefused && error.status >= 500) return { text: error.text, error: error.message };
      throw error;
    }
  }
}
