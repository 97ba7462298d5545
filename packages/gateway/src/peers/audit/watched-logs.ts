import { callContext, type Model } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import { peerPlaces } from '../forwarding/peer-places.ts';
import type { ChainWitnesses } from './chain-witnesses.ts';
import { witnessed } from './verified-logs.ts';

/** Between two looks at the logs of other gateways: what is written anew within that time may not be found out. */
const WATCH_MS = 60_000;
const PATIENCE_MS = 5000;

/** Looks from time to time whether the audit logs of other gateways go on from what was seen of them, also where nobody asks. */
export function watchedLogs(
  { model, clock }: { readonly model: Pick<Model, 'runtimes' | 'provider' | 'originOf'>; readonly clock: Clock },
  witnesses: ChainWitnesses,
): Timer {
  return clock.every(WATCH_MS, () => {
    const call = callContext({ clock, timeoutMs: PATIENCE_MS });
    // Who does not answer is named by those who ask for something.
    void Promise.allSettled(peerPlaces(model).map((place) => witnessed(place, witnesses, { headers: {}, call })));
  });
}
