import { GatewayRefused, isTransient } from '../failures.ts';
import { polledSamples } from './polled-samples.ts';
import type { Sample, SampleRequest } from './sample.ts';
import { SUBSCRIBABLE, type Subscribable, subscriptionSamples } from './subscription.ts';

const AGAIN_AFTER_MS = 1000;
/**
 * Consecutive failures up to which a 404 does not end the sequence. A restarted gateway answers 404 until it has
 * discovered its robot.
 */
const MAX_NOT_FOUND = 15;

/**
 * Yields the values of an item of data as they arrive, until `signal` is aborted. Uses a cyclic subscription, recreates
 * it if the gateway was restarted, and deletes it at the end. If the gateway offers no cyclic subscriptions, polls the
 * item. Throws errors that occur before the first value, and refusals later.
 */
export async function* samples(request: SampleRequest): AsyncGenerator<Sample> {
  const { client, entity, signal, onPause } = request;
  const kind = SUBSCRIBABLE.find((subscribable) => subscribable === entity.kind);
  if (kind === undefined) {
    yield* polledSamples(request);
    return;
  }
  const target: Subscribable = { kind, id: entity.id };
  let wasAvailable = false;
  let failedAttempts = 0;
  while (!signal.aborted) {
    try {
      for await (const sample of subscriptionSamples(request, target)) {
        wasAvailable = true;
        failedAttempts = 0;
        yield sample;
      }
      wasAvailable = true;
    } catch (error) {
      if (signal.aborted) return;
      if (!wasAvailable && lacksSubscriptions(error)) {
        yield* polledSamples(request);
        return;
      }
      failedAttempts += 1;
      if (!wasAvailable || !(isTransient(error) || (isNotFound(error) && failedAttempts <= MAX_NOT_FOUND))) throw error;
      onPause?.(AGAIN_AFTER_MS, failedAttempts, error);
    }
    await client.pause(AGAIN_AFTER_MS, signal);
  }
}

/** Returns whether the gateway offers no subscriptions: another product, or subscriptions are switched off. */
function lacksSubscriptions(error: unknown): boolean {
  return error instanceof GatewayRefused && [404, 405, 501].includes(error.status);
}

function isNotFound(error: unknown): boolean {
  return error instanceof GatewayRefused && error.status === 404;
}
