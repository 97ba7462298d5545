import { GatewayRefused, mayPass } from '../failures.ts';
import { polledSamples } from './polled-samples.ts';
import type { Sample, SampleRequest } from './sample.ts';
import { SUBSCRIBABLE, type Subscribable, subscribed } from './subscription.ts';

const AGAIN_AFTER_MS = 1000;
/**
 * Maximum number of consecutive 404 replies after a first value: a restarted gateway needs time to discover its robot.
 */
const MAX_NOT_THERE = 15;

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
  const told: Subscribable = { kind, id: entity.id };
  let wasThere = false;
  let inVain = 0;
  while (!signal.aborted) {
    try {
      for await (const sample of subscribed(request, told)) {
        wasThere = true;
        inVain = 0;
        yield sample;
      }
      wasThere = true;
    } catch (error) {
      if (signal.aborted) return;
      if (!wasThere && isWithoutSubscriptions(error)) {
        yield* polledSamples(request);
        return;
      }
      inVain += 1;
      if (!wasThere || !(mayPass(error) || (isNotThere(error) && inVain <= MAX_NOT_THERE))) throw error;
      onPause?.(AGAIN_AFTER_MS, inVain, error);
    }
    await client.pause(AGAIN_AFTER_MS, signal);
  }
}

/** Returns whether the gateway offers no subscriptions: another product, or subscriptions are switched off. */
function isWithoutSubscriptions(error: unknown): boolean {
  return error instanceof GatewayRefused && [404, 405, 501].includes(error.status);
}

function isNotThere(error: unknown): boolean {
  return error instanceof GatewayRefused && error.status === 404;
}
