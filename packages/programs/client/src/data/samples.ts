import { GatewayRefused, mayPass } from '../failures.ts';
import { polledSamples } from './polled-samples.ts';
import type { Sample, SampleRequest } from './sample.ts';
import { SUBSCRIBABLE, type Subscribable, subscribed } from './subscription.ts';

const AGAIN_AFTER_MS = 1000;
/** So often a gateway that was there may say that it has no such data: one that was restarted has not found its robot yet. */
const MAX_NOT_THERE = 15;

/**
 * The values of an item of data as they come, until `signal` is aborted, which ends them at once: over a cyclic subscription, which
 * is deleted in the end and made anew where the gateway was restarted; by asking again and again where there are no such
 * subscriptions. Throws what keeps the first value from coming, and what the gateway refuses later.
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

/** A gateway of another make, or one that has them switched off. */
function isWithoutSubscriptions(error: unknown): boolean {
  return error instanceof GatewayRefused && [404, 405, 501].includes(error.status);
}

function isNotThere(error: unknown): boolean {
  return error instanceof GatewayRefused && error.status === 404;
}
