import type { HealthDiscovery, HealthStatus, HealthWarning } from '@medkit/contract';
import { ENTITY_KINDS, joinedBlocks, type Model, type RuntimeHealth, type Warning } from '@medkit/core';
import type { MergeReport } from '@medkit/core/merge';
import type { Clock, QuotaFigures } from '@medkit/edges';

/** Version of the form of `warnings`, as clients of the original know it. */
/** The form of the warnings of `/health`, by the number under which clients know it. */
export const WARNING_SCHEMA_VERSION = 2;

/** Names that one sentence lists before it only counts. */
const NAMES_IN_A_SENTENCE = 10;

export interface HealthOptions {
  readonly model: Model;
  readonly clock: Clock;
  readonly discovery: HealthDiscovery;
  /** `entity_cache.capacity`: entities that were expected. More are served all the same, and `grew` says so. */
  readonly entityCacheCapacity: number;
  /** What the services of the gateway say of themselves, besides the runtimes. */
  readonly services?: readonly RuntimeHealth[];
}

/** The body of `/health`: always `healthy` when it can be asked for; warnings say what a person can do something about. */
export async function healthStatus({
  model,
  clock,
  discovery,
  entityCacheCapacity,
  services = [],
}: HealthOptions): Promise<HealthStatus> {
  const { warnings, blocks } = await model.health();
  const joined = joinedBlocks([{ blocks }, ...services]);
  const all = [
    ...warnings,
    ...services.flatMap((service) => service.warnings),
    ...mergeWarnings(model.report),
    ...quotaWarnings(joined['x-medkit-quotas'] ?? {}),
  ];
  return {
    status: 'healthy',
    timestamp: Number(clock.wallNs()),
    warning_schema_version: WARNING_SCHEMA_VERSION,
    warnings: all.map(onTheWire),
    discovery,
    ...joined,
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

/** Names the collections that refuse entries now: those that are full, and those in which an owner holds its share. */
function quotaWarnings(quotas: Readonly<Record<string, unknown>>): readonly Warning[] {
  const refusing = Object.entries(quotas as Readonly<Record<string, QuotaFigures>>).filter(
    ([, { held, capacity, largest, refused, evicts }]) =>
      refused > 0 && evicts === undefined && (held >= capacity || largest >= (capacity - held + largest) / 2),
  );
  if (refusing.length === 0) return [];
  const shown = refusing.map(([name, { held, capacity, largest, refused }]) => {
    return `${name} (${held} of ${capacity} held, ${largest} by one owner, ${refused} refused)`;
  });
  return [{ code: 'quota_exhausted', message: `Entries are refused: ${shortened(shown)}` }];
}

function mergeWarnings({ dropped, unresolved }: MergeReport): readonly Warning[] {
  const warnings: Warning[] = [];
  if (dropped.length > 0) {
    const reasons = dropped.map(({ runtime, kind, id, reason }) => `${kind} "${id}" of ${runtime}: ${reason}`);
    warnings.push({ code: 'entities_dropped', message: `Left out of the tree: ${shortened(reasons)}` });
  }
  if (unresolved.length > 0) {
    const references = unresolved.map(({ from, field, to }) => `${from.kind} ${from.id} ${field} "${to}"`);
    warnings.push({
      code: 'unresolved_references',
      message: `These name entities that do not exist: ${shortened(references)}`,
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
