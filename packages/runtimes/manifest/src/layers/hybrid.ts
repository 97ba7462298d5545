import type { Contribution, RunningNode } from '@medkit/core';
import { type MappedRows, mapRows, rank } from '@medkit/core/merge';
import type { ManifestConfig } from '../document/manifest.ts';
import type { BoundNodes, Linking } from '../linking/link-apps.ts';
import type { LinkableNode } from '../linking/node-index.ts';
import { type LinkedApps, relinkApps } from '../linking/relink-apps.ts';
import { type DeclaredApps, declaredApps, knownNames, nodesByAppId } from './declared-apps.ts';
import { type GraphLayer, graphLayer } from './graph-layer.ts';
import { type HybridSettings, manifestPolicies } from './layer-settings.ts';
import { MANIFEST_RUNTIME } from './manifest-contribution.ts';
import { renamedApps } from './renamed-apps.ts';
import { visibleNodes } from './visible-nodes.ts';

export interface HybridInput {
  readonly contributions: readonly Contribution[];
  readonly config: ManifestConfig;
  readonly settings: HybridSettings;
  /** Result for the previous contributions. */
  readonly before?: Pick<Arranged, 'bound' | 'made'>;
  /** As in `BoundNodes`. */
  readonly waitedFor?: BoundNodes['waitedFor'];
  readonly idsBefore?: BoundNodes['idsBefore'];
}

/** A consistent set of contributions, ready to be merged. */
export interface Arranged {
  readonly contributions: readonly Contribution[];
  /** Absent if there is no graph. */
  readonly linking?: Linking;
  /** Number of nodes hidden because of their namespace. */
  readonly filteredByGapFill: number;
  /** Full names of the nodes that apps are or were last bound to, by app id. */
  readonly bound: ReadonlyMap<string, string>;
  /** Intermediate results; unchanged parts are the same objects next time. */
  readonly made?: MadeParts;
}

interface MadeParts {
  readonly declared: DeclaredApps;
  /** By the runtime of each graph. */
  readonly nodes: ReadonlyMap<string, MappedRows<RunningNode, LinkableNode>>;
  readonly linked: LinkedApps;
  readonly graphs: ReadonlyMap<string, GraphLayer>;
}

/**
 * Merges a manifest with the running system. Every declared app becomes the node that it is bound to, under its
 * declared id. Other nodes are shown if the settings allow it. Contributions of plugins follow the node's id.
 */
export function arrangeHybrid(input: HybridInput): Arranged {
  const { contributions, config, settings, before, waitedFor, idsBefore = () => [] } = input;
  const layers = rank(contributions).filter(
    ({ runtime, nodes }) =>
      (settings.manifestLayer || runtime !== MANIFEST_RUNTIME) && (settings.runtimeLayer || nodes === undefined),
  );
  const manifest = layers.find(({ runtime }) => runtime === MANIFEST_RUNTIME);
  const graphs = layers.filter(({ nodes }) => nodes !== undefined);
  const policies = manifestPolicies(settings.manifestPolicies, config.allowManifestOverride);
  if (graphs.length === 0) {
    const adjusted = layers.map((layer) => (layer === manifest ? { ...layer, policies } : layer));
    return { contributions: adjusted, filteredByGapFill: 0, bound: before?.bound ?? new Map() };
  }

  const nodes = new Map(graphs.map((graph) => [graph.runtime, linkableNodes(graph, before?.made?.nodes)]));
  const lists = Array.from(nodes.values(), ({ made }) => made);
  const running = lists.length === 1 ? lists[0] : lists.flat();
  const declared = declaredApps(layers, manifest, before?.made?.declared);
  const linked = relinkApps(declared.apps, running, nodesByAppId(graphs, running), before?.made?.linked, waitedFor);
  const { linking } = linked;
  const bound =
    before && before.made?.linked.linking.nodes === linking.nodes
      ? before.bound
      : knownNames(declared.apps, linking, before?.bound ?? new Map());
  const visible = visibleNodes({
    layers,
    manifest,
    manifestIds: declared.manifestIds,
    linked,
    unmanifested: config.unmanifestedNodes,
    gapFill: settings.gapFill,
  });
  const arranged = new Map(
    graphs.map((graph, at) => [
      graph.runtime,
      graphLayer({
        graph,
        isFirst: at === 0,
        manifest,
        declared: declared.apps,
        linked,
        names: bound,
        visible,
        config,
        settings,
        idsBefore,
        before: before?.made?.graphs.get(graph.runtime),
      }),
    ]),
  );
  return {
    contributions: layers.map((layer) =>
      layer === manifest
        ? { ...layer, policies }
        : (arranged.get(layer.runtime)?.contribution ?? renamedApps(layer, visible)),
    ),
    linking,
    filteredByGapFill: visible.filtered,
    bound,
    made: { declared, nodes, linked, graphs: arranged },
  };
}

/** Returns the nodes of a graph as link targets. */
function linkableNodes(
  { runtime, nodes = [] }: Contribution,
  before: MadeParts['nodes'] | undefined,
): MappedRows<RunningNode, LinkableNode> {
  return mapRows(nodes, (node, _at, old) => old ?? { ...node, runtime }, before?.get(runtime));
}
