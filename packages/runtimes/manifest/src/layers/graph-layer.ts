import { type App, type Contribution, isSameList, type MadeRows, makeRows } from '@medkit/core';
import type { ManifestConfig } from '../document/manifest.ts';
import type { Linking } from '../linking/link-apps.ts';
import { type DeclaredApp, runningApp } from './declared-apps.ts';
import { type HybridSettings, runtimePolicies } from './layer-settings.ts';
import { renamedFunctions } from './renamed-apps.ts';
import type { ShownNodes } from './shown-nodes.ts';

export interface GraphLayerInput {
  readonly graph: Contribution;
  /** The first of the graphs says of an app that it does not run. */
  readonly isFirst: boolean;
  readonly manifest: Contribution | undefined;
  readonly declared: readonly DeclaredApp[];
  readonly linking: Linking;
  /** Full names of the nodes of declared apps, by app id. */
  readonly names: ReadonlyMap<string, string>;
  readonly shown: ShownNodes;
  readonly config: ManifestConfig;
  readonly settings: HybridSettings;
  /** What came of the graph before. */
  readonly before: GraphLayer | undefined;
}

/** What a graph tells beside a manifest. Its apps are the same objects again where nothing changed. */
export interface GraphLayer {
  readonly contribution: Contribution;
  readonly declared: MadeRows<DeclaredApp, Word>;
  readonly orphans: MadeRows<App, App>;
}

/** What a graph tells of a declared app, if anything, and what that is made of. */
interface Word {
  readonly app: App | undefined;
  readonly madeOf: readonly unknown[];
}

const SILENCE: Word = { app: undefined, madeOf: [] };

/**
 * A graph beside a manifest: its declared apps, the other nodes that are shown, and its own functions where the settings
 * want them. Of areas and components it tells only more of those that the manifest declares.
 */
export function graphLayer(input: GraphLayerInput): GraphLayer {
  const { graph, manifest, shown, settings, before } = input;
  const declared = makeRows(input.declared, wordsOf(input), before?.declared);
  const told = declared.made.flatMap(({ app }) => app ?? []);
  const toldIds = new Set(told.map(({ id }) => id));
  const components = graph.components.filter(({ id }) => manifest?.components.some((other) => other.id === id));
  const located = new Set(components.map(({ id }) => id));
  const orphans = makeRows(
    graph.apps.filter(({ id }) => shown.ids.get(id) === id && !toldIds.has(id)),
    (app, _at, old) => {
      if (app.componentId === undefined || located.has(app.componentId)) return app;
      return old && old.componentId === undefined ? old : unlocated(app);
    },
    before?.orphans,
  );
  const contribution: Contribution = {
    ...graph,
    policies: runtimePolicies(settings.runtimePolicies),
    areas: [],
    components,
    apps: [...told, ...orphans.made],
    functions: settings.gapFill.functions
      ? renamedFunctions(graph.functions, shown).filter(({ hosts }) => hosts.length > 0)
      : [],
  };
  return { contribution, declared, orphans };
}

/** Makes what the graph tells of each declared app. */
function wordsOf({ graph, isFirst, linking, names, config }: GraphLayerInput) {
  const { runtime } = graph;
  const appOfNode = new Map(graph.apps.map((app) => [app.fqn, app]));
  return (app: DeclaredApp, _at: number, old: Word | undefined): Word => {
    const node = linking.nodes.get(app.id);
    const fqn = names.get(app.id);
    const isHere = node ? node.runtime === runtime : isFirst && !app.external && (app.rosBinding || fqn);
    if (!isHere) return SILENCE;
    const online = node !== undefined;
    const shownAs = node && appOfNode.get(node.fqn);
    const inherits = config.inheritRuntimeResources || !app.isManifest;
    const madeOf = [fqn, online, inherits, shownAs];
    if (old && isSameList(old.madeOf, madeOf)) return old;
    return { madeOf, app: runningApp(app, { runtime, fqn, online, inherits, shownAs }) };
  };
}

function unlocated({ componentId: _, ...app }: App): App {
  return app;
}
