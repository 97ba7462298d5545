import { type App, type Contribution, type Remembered, type Remembering, rank, rememberFrom } from '@medkit/core';
import type { ManifestConfig } from '../document/manifest.ts';
import { type Linking, linkApps } from '../linking/link-apps.ts';
import { nodeIndex } from '../linking/node-index.ts';
import { type DeclaredApp, declaredApps, knownNames, runningApp } from './declared-apps.ts';
import { type HybridSettings, manifestPolicies, runtimePolicies } from './layer-settings.ts';
import { MANIFEST_RUNTIME } from './manifest-contribution.ts';
import { renamedApps, renamedFunctions } from './renamed-apps.ts';
import { type ShownNodes, shownNodes } from './shown-nodes.ts';

export interface HybridInput {
  readonly contributions: readonly Contribution[];
  readonly config: ManifestConfig;
  readonly settings: HybridSettings;
  /** What came of the contributions before these. */
  readonly before?: Pick<Arranged, 'bound' | 'made'>;
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
  /** What graphs tell of apps: where nothing changed, the same objects the next time. */
  readonly made: Remembered<App>;
}

/**
 * Joins what a manifest declares with what runs: every declared app is the node that it is bound to, under its own id, and
 * of the other nodes those are shown which the settings let through. What plugins say of a node goes with it.
 */
export function arrangeHybrid({ contributions, config, settings, before }: HybridInput): Arranged {
  const layers = rank(contributions).filter(
    ({ runtime, nodes }) =>
      (settings.manifestLayer || runtime !== MANIFEST_RUNTIME) && (settings.runtimeLayer || nodes === undefined),
  );
  const manifest = layers.find(({ runtime }) => runtime === MANIFEST_RUNTIME);
  const graphs = layers.filter(({ nodes }) => nodes !== undefined);
  const policies = manifestPolicies(settings.manifestPolicies, config.allowManifestOverride);
  if (graphs.length === 0) {
    const told = layers.map((layer) => (layer === manifest ? { ...layer, policies } : layer));
    const { bound = new Map(), made = new Map() } = before ?? {};
    return { contributions: told, filteredByGapFill: 0, bound, made };
  }

  const running = graphs.flatMap(({ runtime, nodes = [] }) => nodes.map((node) => ({ ...node, runtime })));
  const apps = declaredApps(layers, manifest, running);
  const linking = linkApps(apps, nodeIndex(running));
  const names = knownNames(apps, linking, before?.bound ?? new Map());
  const { gapFill } = settings;
  const shown = shownNodes({ layers, manifest, linking, unmanifested: config.unmanifestedNodes, gapFill });
  const made = rememberFrom(before?.made);
  const arranged = layers.map((layer): Contribution => {
    if (layer === manifest) return { ...layer, policies };
    if (layer.nodes === undefined) return renamedApps(layer, shown);
    const own = new Map(layer.apps.map((app) => [app.fqn, app]));
    const isFirst = layer === graphs[0];
    const declared = apps.flatMap((app) => toldBy(layer.runtime, { app, own, names, linking, config, isFirst, made }));
    return graphLayer(layer, { declared, manifest, shown, settings, made });
  });
  return { contributions: arranged, linking, filteredByGapFill: shown.filtered, bound: names, made: made.now };
}

interface ToldApp {
  readonly app: DeclaredApp;
  /** The apps that the graph itself makes of its nodes, by FQN. */
  readonly own: ReadonlyMap<string | undefined, App>;
  readonly names: ReadonlyMap<string, string>;
  readonly linking: Linking;
  readonly config: ManifestConfig;
  readonly isFirst: boolean;
  readonly made: Remembering<App>;
}

/** What a graph tells of a declared app, if anything: of one that does not run, the first graph says so. */
function toldBy(runtime: string, { app, own, names, linking, config, isFirst, made }: ToldApp): readonly App[] {
  const node = linking.nodes.get(app.id);
  const fqn = names.get(app.id);
  const isHere = node ? node.runtime === runtime : isFirst && !app.external && (app.rosBinding || fqn);
  if (!isHere) return [];
  const shownAs = node && own.get(node.fqn);
  const inherits = config.inheritRuntimeResources || !app.isManifest;
  const online = node !== undefined;
  return [
    made.valueOf(`${runtime} ${app.id}`, [fqn, online, inherits, shownAs], () =>
      runningApp(app, { runtime, fqn, online, inherits, shownAs }),
    ),
  ];
}

/**
 * A graph beside a manifest: its declared apps, the other nodes that are shown, and its own functions where the settings
 * want them. Of areas and components it tells only more of those that the manifest declares.
 */
function graphLayer(
  graph: Contribution,
  {
    declared,
    manifest,
    shown,
    settings,
    made,
  }: {
    readonly declared: readonly App[];
    readonly manifest: Contribution | undefined;
    readonly shown: ShownNodes;
    readonly settings: HybridSettings;
    readonly made: Remembering<App>;
  },
): Contribution {
  const told = new Set(declared.map(({ id }) => id));
  const components = graph.components.filter(({ id }) => manifest?.components.some((other) => other.id === id));
  const located = new Set(components.map(({ id }) => id));
  const orphans = graph.apps.filter(({ id }) => shown.ids.get(id) === id && !told.has(id));
  const placed = (app: App): App =>
    located.has(app.componentId ?? '') ? app : made.valueOf(`${graph.runtime} ${app.id}`, [app], () => unlocated(app));
  return {
    ...graph,
    policies: runtimePolicies(settings.runtimePolicies),
    areas: [],
    components,
    apps: [...declared, ...orphans.map(placed)],
    functions: settings.gapFill.functions
      ? renamedFunctions(graph.functions, shown).filter(({ hosts }) => hosts.length > 0)
      : [],
  };
}

function unlocated({ componentId: _, ...app }: App): App {
  return app;
}
