import { callContext, type Model } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { peerPlaces } from '../forwarding/peer-places.ts';
import type { ChainWitnesses } from './chain-witnesses.ts';
import { checkWitness } from './verify-logs.ts';

/** Interval of the checks of peers' logs: a rewrite within this time may go unnoticed. */
const WATCH_MS = 60_000;
const PATIENCE_MS = 5000;

/** Periodically checks that the audit logs of peers continue from their witnesses, also without requests. */
export function watchLogs(
  { model, clock }: { readonly model: Pick<Model, 'runtimes' | 'provider' | 'originOf'>; readonly clock: Clock },
  witnesses: ChainWitnesses,
): Timer {
  return clock.every(WATCH_MS, () => {
    const call = callContext({ clock, timeoutMs: PATIENCE_MS });
    // Unresponsive peers are reported by the requests of clients.
    void Promise.allSettled(peerPlaces(model).map((place) => checkWitness(place, witnesses, { headers: {}, call })));
  });
}
