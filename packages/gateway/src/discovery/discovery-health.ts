import type { HealthDiscovery } from '@medkit/contract';
import { ENTITY_KINDS, type Model } from '@medkit/core';
import { type HybridDiscovery, MANIFEST_RUNTIME } from '@medkit/manifest';

/** Maximum conflicts that `/health` lists; `conflict_count` counts all. */
const MAX_CONFLICTS = 100;

/** The tree comes from the graph alone. */
export const RUNTIME_ONLY: HealthDiscovery = { mode: 'runtime_only', strategy: 'runtime' };
/** The tree comes from the manifest alone. */
export const MANIFEST_ONLY: HealthDiscovery = { mode: 'manifest_only', strategy: 'manifest_only' };

/** Returns the result of merging a manifest with the running nodes. `graphs` are the runtimes that watch a graph. */
export function hybridHealth(
  { tree, report, runtimes }: Pick<Model, 'tree' | 'report' | 'runtimes'>,
  hybrid: HybridDiscovery,
  graphs: ReadonlySet<string>,
): HealthDiscovery {
  const layerOf = (runtime: string): string => (graphs.has(runtime) ? 'runtime' : runtime);
  const layers = [...new Set(runtimes.map(layerOf))].sort((a, b) => position(a) - position(b));
  const { conflicts, enriched, sharedIds } = report;
  const { linking } = hybrid;
  return {
    mode: 'hybrid',
    strategy: 'hybrid',
    pipeline: {
      layers,
      total_entities: ENTITY_KINDS.reduce((sum, kind) => sum + tree.all(kind).length, 0),
      enriched_count: enriched,
      conflict_count: conflicts.length,
      conflicts: conflicts.slice(0, MAX_CONFLICTS).map(({ entity, group, winner, loser }) => ({
        entity_id: entity.id,
        field_group: group.toUpperCase(),
        winning_layer: layerOf(winner),
        losing_layer: layerOf(loser),
      })),
      id_collisions: sharedIds.length,
      filtered_by_gap_fill: hybrid.filteredByGapFill,
    },
    ...(linking && {
      linking: {
        linked_count: linking.nodes.size,
        orphan_count: linking.orphans.length,
        binding_conflicts: linking.bindingConflicts,
        unmanifested_policy: hybrid.policy,
        ...(linking.warnings.length > 0 && { warnings: [...linking.warnings] }),
      },
    }),
  };
}

/** Manifest, graph, then plugins in configured order. */
function position(layer: string): number {
  return layer === MANIFEST_RUNTIME ? 0 : layer === 'runtime' ? 1 : 2;
}
