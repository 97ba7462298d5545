import type { HealthDiscovery, HealthStatus, HealthWarning } from '@medkit/contract';
import { ENTITY_KINDS, type Model, mergeBlocks, type RuntimeHealth, type Warning } from '@medkit/core';
import type { MergeReport } from '@medkit/core/merge';
import type { Clock, QuotaFigures } from '@medkit/edges';

/** Version of the format of `warnings` in `/health`, as existing clients expect it. */
export const WARNING_SCHEMA_VERSION = 2;

/** Maximum names listed in one message; more are only counted. */
const NAMES_IN_A_SENTENCE = 10;

export interface HealthOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly discovery: HealthDiscovery;
  /** `entity_cache.capacity`: the expected number of entities. Larger models are still served; `grew` reports them. */
  readonly entityCacheCapacity: number;
  /** Health of the gateway's services, in addition to the runtimes. */
  readonly services?: readonly RuntimeHealth[];
}

/** Builds the body of `/health`. Its status is always `healthy`; warnings report what an operator can act on. */
export async function healthStatus({
  model,
  clock,
  discovery,
  entityCacheCapacity,
  services = [],
}: HealthOptions): Promise<HealthStatus> {
  const { warnings, blocks } = await model.health();
  const merged = mergeBlocks([{ blocks }, ...services]);
  const all = [
    ...warnings,
    ...services.flatMap((service) => service.warnings),
    ...mergeWarnings(model.report),
    ...quotaWarnings(merged['x-medkit-quotas'] ?? {}),
  ];
  return {
    status: 'healthy',
    timestamp: Number(clock.wallNs()),
    warning_schema_version: WARNING_SCHEMA_VERSION,
    warnings: all.map(onTheWire),
    discovery,
    ...merged,
    'x-medkit-entity-cache': entityCache(model, entityCacheCapacity),
  };
}

function onTheWire({ code, message, entityIds = [], nodes = [], peerNames = [] }: Warning): HealthWarning {
  return {
    code,
    message,
    entity_ids: [...entityIds],
    ros_node_fqns: [...nodes],
    peer_names: [...peerNames],
  };
}

/**
 * Warns about the collections that refuse entries now: full ones, and those in which one owner has used up its share.
 */
function quotaWarnings(quotas: Readonly<Record<string, unknown>>): readonly Warning[] {
  const refusing = Object.entries(quotas as Readonly<Record<string, QuotaFigures>>).filter(
    ([, { held, capacity, largest, refused, evicts }]) =>
      refused > 0 && evicts === undefined && (held >= capacity || largest >= (capacity - held + largest) / 2),
  );
  if (refusing.length === 0) return [];
  const texts = refusing.map(([name, { held, capacity, largest, refused }]) => {
    return `${name} (${held} of ${capacity} held, ${largest} by one owner, ${refused} refused)`;
  });
  return [{ code: 'quota_exhausted', message: `Entries are refused: ${shortened(texts)}` }];
}

function mergeWarnings({ dropped, unresolved }: MergeReport): readonly Warning[] {
  const warnings: Warning[] = [];
  if (dropped.length > 0) {
    const reasons = dropped.map(({ runtime, kind, id, reason }) => `${kind} "${id}" of ${runtime}: ${reason}`);
    warnings.push({
      code: 'entities_dropped',
      message: `Entities that were not added to the tree: ${shortened(reasons)}`,
    });
  }
  if (unresolved.length > 0) {
    const references = unresolved.map(({ from, field, to }) => `${from.kind} ${from.id} ${field} "${to}"`);
    warnings.push({
      code: 'unresolved_references',
      message: `References to entities that do not exist: ${shortened(references)}`,
      entityIds: [...new Set(unresolved.map(({ from }) => from.id))].slice(0, NAMES_IN_A_SENTENCE),
    });
  }
  return warnings;
}

function shortened(names: readonly string[]): string {
  const more = names.length - NAMES_IN_A_SENTENCE;
  return names.slice(0, NAMES_IN_A_SENTENCE).join('; ') + (more > 0 ? `; and ${more} more` : '');
}

function entityCache({ tree }: Model, capacity: number) {
  const [areas = 0, components = 0, apps = 0, functions = 0] = ENTITY_KINDS.map((kind) => tree.all(kind).length);
  const grew = areas + components + apps + functions > capacity;
  return { capacity, areas, components, apps, functions, generation: tree.generation, grew };
}
