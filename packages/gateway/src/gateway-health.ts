import type { HealthStatus } from '@medkit/contract';
import type { Model } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { healthStatus } from '@medkit/services';

/** Entities beyond which `/health` says that the tree grew; the default of the original. */
const ENTITY_CACHE_CAPACITY = 256;

/** What `/health` answers. */
export function gatewayHealth(model: Model, clock: Clock): Promise<HealthStatus> {
  return healthStatus({
    model,
    clock,
    discovery: { mode: 'runtime_only', strategy: 'runtime' },
    entityCacheCapacity: ENTITY_CACHE_CAPACITY,
  });
}
