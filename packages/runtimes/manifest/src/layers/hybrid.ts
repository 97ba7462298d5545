import type { Contribution, RunningNode } from '@medkit/core';
import { type MadeRows, makeRows, rank } from '@medkit/core/merge';
import type { ManifestConfig } from '../document/manifest.ts';
import type { BoundNodes, Linking } from '../linking/link-apps.ts';
import type { LinkableNode } from '../linking/node-index.ts';
import { type LinkedApps, relinkApps } from '../linking/relink-apps.ts';
import { type DeclaredApps, declaredApps, knownNames, nodesByAppId } from './declared-apps.ts';
import { type GraphLayer, graphLayer } from './graph-layer.ts';
import { type HybridSettings, manifestPolicies } from './layer-settings.ts';
import { MANIFEST_RUNTIME } from './manifest-contribution.ts';
import { renamedApps } from './renamed-apps.ts';
import { shownNodes } from './shown-nodes.ts';

export interface HybridInput {
  readonly contributions: readonly Contribution[];
  readonly config: ManifestConfig;
  readonly settings: HybridSettings;
  /** What came of the contributions before these. */
  readonly before?: Pick<Arranged, 'bound' | 'made'>;
  /** As of `BoundNodes`. */
  readonly waitedFor?: BoundNodes['waitedFor'];
  readonly idsBefore?: BoundNodes['idsBefore'];
}

/** Contributions of one moment, ready to be merged. */
export interface Arranged {
  readonly contributions: readonly Contribution[];
  /** Absent where no graph takes part. */
  readonly linking?: Linking;
  /** Nodes that are not shown for their namespace. */
  readonly filteredByGapFill: number;
  /** Full names of the nodes that apps are bound to or were bound to last, by app id. */
  readonly bound: ReadonlyMap<string, string>;
  /** What it is made of: where nothing changed, the same objects the next time. */
  readonly made?: MadeParts;
}

interface MadeParts {
  readonly declared: DeclaredApps;
  /** By the runtime of each graph. */
  readonly nodes: ReadonlyMap<string, MadeRows<RunningNode, LinkableNode>>;
  readonly linked: LinkedApps;
  readonly graphs: ReadonlyMap<string, GraphLayer>;
}

/**
 * Joins what a manifest declares with what runs: every declared app is the node that it is bound to, under its own id, and
 * of the other nodes those are shown which the settings let through. What plugins say of a node goes with it.
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
    const told = layers.map((layer) => (layer === manifest ? { ...layer, policies } : layer));
    return { contributions: told, filteredByGapFill: 0, bound: before?.bound ?? new Map() };
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
  const shown = shownNodes({
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
        shown,
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
        : (arranged.get(layer.runtime)?.contribution ?? renamedApps(layer, shown)),
    ),
    linking,
    filteredByGapFill: shown.filtered,
    bound,
    made: { declared, nodes, linked, graphs: arranged },
  };
}

/** The nodes of a graph as what apps can be. */
function linkableNodes(
  { runtime, nodes = [] }: Contribution,
  before: MadeParts['nodes'] | undefined,
): MadeRows<RunningNode, LinkableNode> {
  return makeRows(nodes, (node, _at, old) => old ?? { ...node, runtime }, before?.get(runtime));
}
