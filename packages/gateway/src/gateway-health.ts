import type { HealthDiscovery, HealthStatus } from '@medkit/contract';
import type { Model, RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import { RUNTIME_ONLY } from './discovery/discovery-health.ts';
import { type DescribeWarnings, describedWarnings } from './health/described-warnings.ts';
import { healthStatus, WARNING_SCHEMA_VERSION } from './health/health-status.ts';
import type { GatewayPeers } from './peers/open-peers.ts';
import { peerViews } from './peers/peer-view.ts';

/** Number of entities above which `/health` warns about the size of the tree; the default of ros2_medkit. */
const ENTITY_CACHE_CAPACITY = 256;

/**
 * Returns the body of `/health`. `parts` are the components of the gateway that report health, besides the runtimes.
 */
export async function gatewayHealth(
  model: Model,
  clock: Clock,
  parts: readonly RuntimeHealth[] = [],
  discovery: HealthDiscovery = RUNTIME_ONLY,
  peers?: GatewayPeers,
  describe: DescribeWarnings = describedWarnings(clock),
): Promise<HealthStatus> {
  const health = await healthStatus({
    model,
    clock,
    discovery,
    entityCacheCapacity: ENTITY_CACHE_CAPACITY,
    services: parts,
  });
  const described = { ...health, warnings: await describe(health.warnings) };
  return peers ? { ...described, peers: peerViews(peers) } : described;
}

/**
 * Health for callers without the permission to read, such as probes and other gateways: says only that the gateway
 * runs.
 */
export function minimalHealth(clock: Clock): HealthStatus {
  return { status: 'healthy', timestamp: clock.wallNs(), warning_schema_version: WARNING_SCHEMA_VERSION, warnings: [] };
}
