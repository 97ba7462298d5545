import type { HealthStatus } from '@medkit/contract';
import type { Model, RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { healthStatus } from '@medkit/services';

/** Entities beyond which `/health` says that the tree grew; the default of the original. */
const ENTITY_CACHE_CAPACITY = 256;

/** What `/health` answers; `services` is what parts of the gateway besides the runtimes say of themselves. */
export function gatewayHealth(
  model: Model,
  clock: Clock,
  services: readonly RuntimeHealth[] = [],
): Promise<HealthStatus> {
  return healthStatus({
    model,
    clock,
    discovery: { mode: 'runtime_only', strategy: 'runtime' },
    entityCacheCapacity: ENTITY_CACHE_CAPACITY,
    services,
  });
}
