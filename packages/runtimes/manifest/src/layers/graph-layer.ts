import type { App, Contribution, FunctionEntity } from '@medkit/core';
import { changedRows, equalData, isSameList, type MappedRows, mapRows } from '@medkit/core/merge';
import type { ManifestConfig } from '../document/manifest.ts';
import { type BoundNodes, nodeKey } from '../linking/link-apps.ts';
import type { LinkedApps } from '../linking/relink-apps.ts';
import { type DeclaredApp, runningApp } from './declared-apps.ts';
import { type HybridSettings, runtimePolicies } from './layer-settings.ts';
import { renamedFunctions } from './renamed-apps.ts';
import type { VisibleNodes } from './visible-nodes.ts';

export interface GraphLayerInput {
  readonly graph: Contribution;
  /** Only the first graph reports that an app does not run. */
  readonly isFirst: boolean;
  readonly manifest: Contribution | undefined;
  readonly declared: readonly DeclaredApp[];
  readonly linked: LinkedApps;
  /** Full names of the nodes of declared apps, by app id. */
  readonly names: ReadonlyMap<string, string>;
  readonly visible: VisibleNodes;
  readonly config: ManifestConfig;
  readonly settings: HybridSettings;
  readonly idsBefore: BoundNodes['idsBefore'];
  /** The previous result for this graph. */
  readonly before: GraphLayer | undefined;
}

/** Contribution of a graph that is merged with a manifest. Unchanged apps are the same objects as before. */
export interface GraphLayer {
  readonly contribution: Contribution;
  readonly appContributions: AppContributions;
  readonly orphans: MappedRows<App, App>;
  readonly functions: MappedRows<FunctionEntity, FunctionEntity>;
}

/** What a graph contributes to the declared apps, and the inputs it was made from, except the apps of the graph. */
interface AppContributions {
  readonly madeOf: readonly unknown[];
  readonly graphApps: readonly App[];
  readonly rows: MappedRows<DeclaredApp, AppContribution>;
  readonly apps: readonly App[];
  readonly appIds: ReadonlySet<string>;
}

/** What a graph contributes to one declared app, if anything, and the inputs it was made from. */
interface AppContribution {
  readonly app: App | undefined;
  readonly madeOf: readonly unknown[];
}

const NO_CONTRIBUTION: AppContribution = { app: undefined, madeOf: [] };

/**
 * Returns the contribution of a graph that is merged with a manifest: declared apps, other visible nodes, and the
 * graph's functions if the settings enable them. It extends areas and components of the manifest but adds none.
 */
export function graphLayer(input: GraphLayerInput): GraphLayer {
  const { graph, manifest, visible, settings, before } = input;
  const appContributions = appContributionsOf(input);
  const { apps, appIds } = appContributions;
  const components = graph.components.filter(({ id }) => manifest?.components.some((other) => other.id === id));
  const located = new Set(components.map(({ id }) => id));
  const linkedNodes = input.linked.appOfNode.get(graph.runtime);
  const isOrphan = ({ id, node }: App): boolean => {
    const visibleId = visible.longIds.get(id) ?? visible.ids.get(id);
    return visibleId !== undefined && !appIds.has(visibleId) && !(node !== undefined && linkedNodes?.has(node));
  };
  const orphans = mapRows(
    graph.apps.filter(isOrphan),
    (app, _at, old) => {
      const id = visible.longIds.get(app.id) ?? app.id;
      const isLocated = app.componentId === undefined || located.has(app.componentId);
      const earlier =
        app.node === undefined ? [] : input.idsBefore(nodeKey({ runtime: graph.runtime, name: app.node }));
      if (isLocated && id === app.id && earlier.length === 0) return app;
      const made = orphanOf(app, id, isLocated, earlier);
      return old && equalData(old, made) ? old : made;
    },
    before?.orphans,
  );
  const functions = renamedFunctions(settings.gapFill.functions ? graph.functions : [], visible, before?.functions);
  const contribution: Contribution = {
    ...graph,
    policies: runtimePolicies(settings.runtimePolicies),
    areas: [],
    components,
    apps: [...apps, ...orphans.made],
    functions: functions.made.filter(({ hosts }) => hosts.length > 0),
  };
  return { contribution, appContributions, orphans, functions };
}

/** Returns what the graph contributes to each declared app; the previous result if only other apps have changed. */
function appContributionsOf(input: GraphLayerInput): AppContributions {
  const { graph, isFirst, declared, linked, names, config } = input;
  const before = input.before?.appContributions;
  const madeOf = [declared, linked.appOfNode, names, config, isFirst];
  if (before && isSameList(before.madeOf, madeOf) && areOfOthers(input, before.graphApps)) {
    return { ...before, graphApps: graph.apps };
  }
  const rows = mapRows(declared, appContributionOf(input), before?.rows);
  const apps = rows.made.flatMap(({ app }) => app ?? []);
  return { madeOf, graphApps: graph.apps, rows, apps, appIds: new Set(apps.map(({ id }) => id)) };
}

/** Returns whether the added and removed apps of the graph do not belong to nodes of declared apps. */
function areOfOthers({ graph: { runtime, apps }, linked }: GraphLayerInput, before: readonly App[]): boolean {
  const { from, endBefore, end } = changedRows(before, apps);
  const linkedNodes = linked.appOfNode.get(runtime);
  const isOfOther = ({ node: fqn }: App) => fqn === undefined || !linkedNodes?.has(fqn);
  return before.slice(from, endBefore).every(isOfOther) && apps.slice(from, end).every(isOfOther);
}

/** Returns a function that computes what the graph contributes to one declared app. */
function appContributionOf({ graph, isFirst, linked: { linking }, names, config, idsBefore }: GraphLayerInput) {
  const { runtime } = graph;
  const appOfNode = new Map(graph.apps.map((app) => [app.node, app]));
  return (app: DeclaredApp, _at: number, old: AppContribution | undefined): AppContribution => {
    const node = linking.nodes.get(app.id);
    const fqn = names.get(app.id);
    const isHere = node ? node.runtime === runtime : isFirst && !app.external && (app.binding || fqn);
    if (!isHere) return NO_CONTRIBUTION;
    const online = node !== undefined;
    const graphApp = node && appOfNode.get(node.name);
    const inherits = config.inheritRuntimeResources || !app.isManifest;
    const madeOf = [fqn, online, inherits, graphApp];
    if (old && isSameList(old.madeOf, madeOf)) return old;
    const earlier = fqn === undefined ? [] : idsBefore(nodeKey({ runtime, name: fqn }));
    return { madeOf, app: runningApp(app, { runtime, fqn, online, inherits, graphApp, earlier }) };
  };
}

/**
 * Returns the app of a node without a declared app: with its free id, and without a component unless the manifest
 * declares that.
 */
function orphanOf({ componentId, ...app }: App, id: string, isLocated: boolean, earlier: readonly string[]): App {
  const aliases = [...new Set([...(app.aliases ?? []), ...earlier])].filter((alias) => alias !== id);
  return {
    ...app,
    id,
    ...((app.aliases || earlier.length > 0) && { aliases }),
    ...(isLocated && componentId !== undefined && { componentId }),
  };
}
