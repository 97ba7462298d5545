import type { App, Contribution, FunctionEntity } from '@medkit/core';
import { changedRows, equalData, isSameList, type MadeRows, makeRows } from '@medkit/core/merge';
import type { ManifestConfig } from '../document/manifest.ts';
import { type BoundNodes, nodeKey } from '../linking/link-apps.ts';
import type { LinkedApps } from '../linking/relink-apps.ts';
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
  readonly linked: LinkedApps;
  /** Full names of the nodes of declared apps, by app id. */
  readonly names: ReadonlyMap<string, string>;
  readonly shown: ShownNodes;
  readonly config: ManifestConfig;
  readonly settings: HybridSettings;
  readonly idsBefore: BoundNodes['idsBefore'];
  /** What came of the graph before. */
  readonly before: GraphLayer | undefined;
}

/** What a graph tells beside a manifest. Its apps are the same objects again where nothing changed. */
export interface GraphLayer {
  readonly contribution: Contribution;
  readonly words: Words;
  readonly orphans: MadeRows<App, App>;
  readonly functions: MadeRows<FunctionEntity, FunctionEntity>;
}

/** What a graph tells of the declared apps, and what all of that is made of beside the apps of the graph. */
interface Words {
  readonly madeOf: readonly unknown[];
  readonly graphApps: readonly App[];
  readonly rows: MadeRows<DeclaredApp, Word>;
  readonly told: readonly App[];
  readonly toldIds: ReadonlySet<string>;
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
  const words = wordsOf(input);
  const { told, toldIds } = words;
  const components = graph.components.filter(({ id }) => manifest?.components.some((other) => other.id === id));
  const located = new Set(components.map(({ id }) => id));
  const linkedNodes = input.linked.appOfNode.get(graph.runtime);
  const isOrphan = ({ id, node }: App): boolean => {
    const shownAs = shown.longIds.get(id) ?? shown.ids.get(id);
    return shownAs !== undefined && !toldIds.has(shownAs) && !(node !== undefined && linkedNodes?.has(node));
  };
  const orphans = makeRows(
    graph.apps.filter(isOrphan),
    (app, _at, old) => {
      const id = shown.longIds.get(app.id) ?? app.id;
      const isLocated = app.componentId === undefined || located.has(app.componentId);
      const earlier =
        app.node === undefined ? [] : input.idsBefore(nodeKey({ runtime: graph.runtime, name: app.node }));
      if (isLocated && id === app.id && earlier.length === 0) return app;
      const made = orphanOf(app, id, isLocated, earlier);
      return old && equalData(old, made) ? old : made;
    },
    before?.orphans,
  );
  const functions = renamedFunctions(settings.gapFill.functions ? graph.functions : [], shown, before?.functions);
  const contribution: Contribution = {
    ...graph,
    policies: runtimePolicies(settings.runtimePolicies),
    areas: [],
    components,
    apps: [...told, ...orphans.made],
    functions: functions.made.filter(({ hosts }) => hosts.length > 0),
  };
  return { contribution, words, orphans, functions };
}

/** What the graph tells of each declared app; as before where only apps of other nodes came or went. */
function wordsOf(input: GraphLayerInput): Words {
  const { graph, isFirst, declared, linked, names, config } = input;
  const before = input.before?.words;
  const madeOf = [declared, linked.appOfNode, names, config, isFirst];
  if (before && isSameList(before.madeOf, madeOf) && areOfOthers(input, before.graphApps)) {
    return { ...before, graphApps: graph.apps };
  }
  const rows = makeRows(declared, wordOf(input), before?.rows);
  const told = rows.made.flatMap(({ app }) => app ?? []);
  return { madeOf, graphApps: graph.apps, rows, told, toldIds: new Set(told.map(({ id }) => id)) };
}

/** Whether the apps of the graph that came or went since are none of nodes that declared apps are. */
function areOfOthers({ graph: { runtime, apps }, linked }: GraphLayerInput, before: readonly App[]): boolean {
  const { from, endBefore, end } = changedRows(before, apps);
  const linkedNodes = linked.appOfNode.get(runtime);
  const isOfOther = ({ node: fqn }: App) => fqn === undefined || !linkedNodes?.has(fqn);
  return before.slice(from, endBefore).every(isOfOther) && apps.slice(from, end).every(isOfOther);
}

/** Makes what the graph tells of one declared app. */
function wordOf({ graph, isFirst, linked: { linking }, names, config, idsBefore }: GraphLayerInput) {
  const { runtime } = graph;
  const appOfNode = new Map(graph.apps.map((app) => [app.node, app]));
  return (app: DeclaredApp, _at: number, old: Word | undefined): Word => {
    const node = linking.nodes.get(app.id);
    const fqn = names.get(app.id);
    const isHere = node ? node.runtime === runtime : isFirst && !app.external && (app.binding || fqn);
    if (!isHere) return SILENCE;
    const online = node !== undefined;
    const shownAs = node && appOfNode.get(node.name);
    const inherits = config.inheritRuntimeResources || !app.isManifest;
    const madeOf = [fqn, online, inherits, shownAs];
    if (old && isSameList(old.madeOf, madeOf)) return old;
    const earlier = fqn === undefined ? [] : idsBefore(nodeKey({ runtime, name: fqn }));
    return { madeOf, app: runningApp(app, { runtime, fqn, online, inherits, shownAs, earlier }) };
  };
}

/** A node that no declared app is: under the id that is free for it, and on no component that the manifest does not declare. */
function orphanOf({ componentId, ...app }: App, id: string, isLocated: boolean, earlier: readonly string[]): App {
  const aliases = [...new Set([...(app.aliases ?? []), ...earlier])].filter((alias) => alias !== id);
  return {
    ...app,
    id,
    ...((app.aliases || earlier.length > 0) && { aliases }),
    ...(isLocated && componentId !== undefined && { componentId }),
  };
}
