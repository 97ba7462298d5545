import type { HealthStatus } from '@medkit/contract';
import { isPromise, memoizeByObject, stringifyJson } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Guard } from '../http/chain.ts';
import { SharedPartsBody } from '../http/stable-body.ts';

/**
 * How long one collection of `/health` answers every request. Probes, dashboards and load balancers poll it, and
 * collecting it costs about a millisecond (benchmarks/http.ts). A tenth of a second is not noticeable.
 */
export const SHARED_HEALTH_MS = 100;

export interface SharedHealthOptions {
  readonly clock: Pick<Clock, 'monotonicMs' | 'wallNs'>;
  /** Generation of the entity tree: a new one ends the shared collection. */
  readonly generation: () => number;
  readonly collect: () => Promise<HealthStatus>;
}

export interface SharedHealth {
  /**
   * Returns the body of `/health`, at most {@link SHARED_HEALTH_MS} old; its timestamp is current. Rejects if
   * collecting fails.
   */
  read(): Promise<SharedPartsBody<HealthStatus>>;
  /** Returns the same collection, with the timestamp of its beginning. Rejects if collecting fails. */
  status(): Promise<HealthStatus>;
  /** Ends the shared collection: a client changed something and expects to see the effect. */
  outdate(): void;
}

interface Collection {
  readonly generation: number;
  readonly beganMs: number;
  readonly health: Promise<HealthStatus>;
}

/** Collects `/health` once for all requests within a short time. */
export function sharedHealth({ clock, generation, collect }: SharedHealthOptions): SharedHealth {
  let shared: Collection | undefined;
  const isCurrent = ({ generation: collected, beganMs }: Collection) =>
    collected === generation() && clock.monotonicMs() - beganMs < SHARED_HEALTH_MS;
  const begin = (): Collection => {
    const begun = { generation: generation(), beganMs: clock.monotonicMs(), health: collect() };
    shared = begun;
    begun.health.catch(() => {
      if (shared === begun) shared = undefined;
    });
    return begun;
  };
  const current = (): Collection => (shared && isCurrent(shared) ? shared : begin());
  return {
    status: () => current().health,
    async read() {
      const collection = current();
      const health = await collection.health;
      // Peers measure the offset of their clock by this timestamp.
      const again = () =>
        shared === collection && isCurrent(collection) ? `${head(health)}${clock.wallNs()}}` : undefined;
      return new SharedPartsBody({ ...health, timestamp: Number(clock.wallNs()) }, Object.values(health), again);
    },
    outdate() {
      shared = undefined;
    },
  };
}

/** Serialises a shared collection except the timestamp, which comes last. */
const head = memoizeByObject(
  ({ timestamp: _, ...health }: HealthStatus) => `${stringifyJson(health).slice(0, -1)},"timestamp":`,
);

/** Wraps a guard: every request that may have changed something also ends the shared collection. */
export function invalidatingGuard(health: Pick<SharedHealth, 'outdate'>, guard: Guard): Guard {
  return (route, handler) => {
    const guarded = guard(route, handler);
    if (route.method === 'get') return guarded;
    return (exchange) => {
      const result = guarded(exchange);
      if (isPromise(result)) return result.finally(health.outdate);
      health.outdate();
      return result;
    };
  };
}
