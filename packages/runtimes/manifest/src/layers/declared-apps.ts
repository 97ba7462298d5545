import type { App, Contribution } from '@medkit/core';
import { isSameList } from '@medkit/core/merge';
import { boundNode, mayBind } from '../linking/binding.ts';
import type { LinkableApp, Linking } from '../linking/link-apps.ts';
import type { LinkableNode } from '../linking/node-index.ts';

/** A declared app that needs a node. */
export interface DeclaredApp extends LinkableApp {
  /** Whether the manifest declares it, as opposed to a plugin. */
  readonly isManifest: boolean;
}

/** The apps that need a node, with the lists that declare them. */
export interface DeclaredApps {
  readonly from: readonly (readonly App[])[];
  readonly apps: readonly DeclaredApp[];
  /** Ids of all apps of the manifest. */
  readonly manifestIds: ReadonlySet<string>;
}

/**
 * Returns the apps that need a node: those of the manifest, and others with a binding. The declaration of the first
 * layer is used. A manifest app without a binding may be linked to the node of the same name. Returns `before` if the
 * same lists were read then.
 */
export function declaredApps(
  layers: readonly Contribution[],
  manifest: Contribution | undefined,
  before: DeclaredApps | undefined,
): DeclaredApps {
  const declaring = layers.filter(({ nodes }) => nodes === undefined);
  const from = [manifest?.apps ?? [], ...declaring.map(({ apps }) => apps)];
  // Empty lists are equal even if they are different objects.
  const isAsBefore = before?.from.length === from.length && from.every((apps, at) => isSameList(before.from[at], apps));
  if (isAsBefore) return before;
  const declared = new Map<string, DeclaredApp>();
  for (const layer of declaring) {
    const isManifest = layer === manifest;
    for (const { id, binding, external } of layer.apps) {
      const earlier = declared.get(id);
      if (!earlier && !isManifest && !binding) continue;
      declared.set(id, {
        id,
        isManifest: earlier?.isManifest ?? isManifest,
        mayBeNodeOfItsId: earlier?.mayBeNodeOfItsId || (isManifest && !binding),
        binding: earlier?.binding ?? binding,
        external: earlier?.external ?? external,
      });
    }
  }
  return { from, apps: [...declared.values()], manifestIds: new Set(manifest?.apps.map(({ id }) => id)) };
}

/**
 * Returns a function that finds a node by the id of the app that its graph creates for it. Builds the index on the
 * first call: only robots with unbound apps need it.
 */
export function nodesByAppId(
  graphs: readonly Contribution[],
  nodes: readonly LinkableNode[],
): (id: string) => LinkableNode | undefined {
  let byId: ReadonlyMap<string, LinkableNode> | undefined;
  return (id) => {
    byId ??= indexByAppId(graphs, nodes);
    return byId.get(id);
  };
}

function indexByAppId(graphs: readonly Contribution[], nodes: readonly LinkableNode[]): Map<string, LinkableNode> {
  const byFqn = new Map(nodes.map((node) => [`${node.runtime} ${node.name}`, node]));
  const found = new Map<string, LinkableNode>();
  for (const { runtime, apps } of graphs) {
    for (const { id, node: fqn } of apps) {
      const node = byFqn.get(`${runtime} ${fqn}`);
      if (node && !found.has(id)) found.set(id, node);
    }
  }
  return found;
}

/**
 * Returns the full name of each declared app's node: the linked one, the one its binding names, or the previous one.
 * Faults and logs of a node that has exited are found by it.
 */
export function knownNames(
  apps: readonly DeclaredApp[],
  { nodes }: Linking,
  before: ReadonlyMap<string, string>,
): ReadonlyMap<string, string> {
  // Built on demand: only needed if a part of the robot is not running.
  let taken: ReadonlySet<string> | undefined;
  const isTaken = (fqn: string): boolean => {
    taken ??= new Set(Array.from(nodes.values(), (node) => node.name));
    return taken.has(fqn);
  };
  const names = new Map<string, string>();
  for (const app of apps) {
    if (app.external) continue;
    const linked = nodes.get(app.id);
    const fqn = linked?.name ?? boundNode(app.binding) ?? before.get(app.id);
    if (fqn === undefined) continue;
    if (linked || (!isTaken(fqn) && mayBind(app.binding, fqn))) names.set(app.id, fqn);
  }
  return names;
}

/**
 * Returns what a graph contributes to a declared app: that it runs and where its resources are, or that it does not
 * run.
 */
export function runningApp(
  { id }: DeclaredApp,
  {
    runtime,
    fqn,
    online,
    inherits,
    graphApp,
    earlier,
  }: {
    readonly runtime: string;
    readonly fqn: string | undefined;
    readonly online: boolean;
    readonly inherits: boolean;
    /** The app that the graph creates for the node. */
    readonly graphApp: App | undefined;
    /** Ids that apps of the node had before the restart. */
    readonly earlier: readonly string[];
  },
): App {
  const graphIds = graphApp ? [graphApp.id, ...(graphApp.aliases ?? [])] : [];
  const aliases = [...graphIds, ...(fqn === undefined ? [] : [fqn]), ...earlier];
  return {
    kind: 'app',
    id,
    name: '',
    source: 'runtime',
    online,
    aliases: [...new Set(aliases)].filter((alias) => alias !== id),
    ...(fqn !== undefined && {
      node: fqn,
      address: { runtime, nativeId: fqn, ...(!inherits && { withheld: ['data', 'operations'] as const }) },
    }),
  };
}
