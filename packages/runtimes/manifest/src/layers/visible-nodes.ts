import { type App, type Contribution, isEntityId } from '@medkit/core';
import type { UnmanifestedPolicy } from '../document/manifest.ts';
import { matchesNamespace } from '../linking/binding.ts';
import type { LinkedApps } from '../linking/relink-apps.ts';
import type { GapFill } from './layer-settings.ts';

/** How the apps that graphs create for nodes are shown. */
export interface VisibleNodes {
  /** The shown id by the graph's id; `undefined` if the app is hidden. */
  readonly ids: ReadonlyMap<string, string | undefined>;
  /**
   * Longer ids of nodes whose graph id belongs to a declared app, by graph id. In plugins, the graph id refers to the
   * declared app.
   */
  readonly longIds: ReadonlyMap<string, string>;
  /** Number of nodes hidden because of their namespace. */
  readonly filtered: number;
}

export interface VisibleNodesInput {
  /** Ordered by rank. */
  readonly layers: readonly Contribution[];
  readonly manifest: Contribution | undefined;
  readonly manifestIds: ReadonlySet<string>;
  readonly linked: LinkedApps;
  readonly unmanifested: UnmanifestedPolicy;
  readonly gapFill: GapFill;
}

/**
 * Decides which nodes are shown: nodes of declared apps under the declared ids, and other nodes if they are allowed.
 */
export function visibleNodes(input: VisibleNodesInput): VisibleNodes {
  const { layers, manifest, manifestIds, linked, unmanifested, gapFill } = input;
  const ids = new Map<string, string | undefined>();
  // Apps of higher layers exist independently of a node with that id.
  const ownedByOthers = new Set<string>();
  const longIds = new Map<string, string>();
  let filtered = 0;
  let graphIds: ReadonlySet<string> | undefined;
  const isTaken = (id: string): boolean => {
    graphIds ??= new Set(layers.flatMap(({ nodes, apps }) => (nodes ? apps.map((app) => app.id) : [])));
    return manifestIds.has(id) || linked.linking.nodes.has(id) || ownedByOthers.has(id) || graphIds.has(id);
  };
  for (const layer of layers) {
    if (layer.nodes === undefined) {
      if (layer !== manifest) for (const { id } of layer.apps) ownedByOthers.add(id);
      continue;
    }
    const appOfNode = linked.appOfNode.get(layer.runtime);
    const { apps } = layer;
    // Indexed loop without closures: an iterator would allocate an object for each of many apps.
    for (let at = 0; at < apps.length; at++) {
      const { id, node: fqn } = apps[at];
      const appId = fqn === undefined ? undefined : appOfNode?.get(fqn);
      if (appId !== undefined) ids.set(id, appId);
      else if (ownedByOthers.has(id)) ids.set(id, id);
      else {
        const isLet = isLetThrough(apps[at], gapFill);
        if (!isLet) filtered++;
        const isDeclared = manifestIds.has(id) || linked.linking.nodes.has(id);
        const isVisible = isLet && gapFill.apps && unmanifested !== 'ignore';
        const longId = isVisible && isDeclared ? freeAlias(apps[at], isTaken) : undefined;
        if (longId !== undefined) longIds.set(id, longId);
        ids.set(id, isVisible && (!isDeclared || longId !== undefined) ? id : ids.get(id));
      }
    }
  }
  return { ids, longIds, filtered };
}

/** Returns the id of a node whose shorter id belongs to a declared app: its name with its namespace. */
function freeAlias({ aliases = [] }: App, isTaken: (id: string) => boolean): string | undefined {
  return aliases.find((alias) => isEntityId(alias) && !isTaken(alias));
}

/** Checks the namespace; an app without a node has none and is always shown. */
function isLetThrough({ node: fqn }: App, { whitelist, blacklist }: GapFill): boolean {
  if (fqn === undefined) return true;
  const namespace = fqn.slice(0, fqn.lastIndexOf('/'));
  const isIn = (patterns: readonly string[]) => patterns.some((pattern) => matchesNamespace(pattern, namespace));
  return (whitelist.length === 0 || isIn(whitelist)) && !isIn(blacklist);
}
