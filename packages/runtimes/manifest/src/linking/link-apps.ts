import type { NodeBinding } from '@medkit/core';
import { mayBind } from './binding.ts';
import type { LinkableNode, NodeIndex } from './node-index.ts';

/** The properties of an app that matter for linking. */
export interface LinkableApp {
  readonly id: string;
  readonly binding?: NodeBinding;
  readonly external?: boolean;
  /** Without a binding, the app may be linked to the node that would be shown under its id. */
  readonly mayBeNodeOfItsId?: boolean;
}

/** Stores which node each app is bound to, across restarts of the gateway. Nodes are identified by `nodeKey`. */
export interface BoundNodes {
  /** The node of an app before the restart. Absent once the wait is over. */
  readonly waitedFor: ((appId: string) => string | undefined) | undefined;
  bind(appId: string, node: string): void;
  /** Ids that the apps of a node had before the restart. */
  idsBefore(node: string): readonly string[];
}

/** Returns the key of a node in `BoundNodes`. */
export function nodeKey({ runtime, name }: Pick<LinkableNode, 'runtime' | 'name'>): string {
  return `${runtime} ${name}`;
}

/** Links between apps and nodes. */
export interface Linking {
  /** By app id. */
  readonly nodes: ReadonlyMap<string, LinkableNode>;
  /** Ids of apps without a node, in the given order. External apps are not included. */
  readonly unlinked: readonly string[];
  /** Nodes without an app, ordered by FQN, except internal nodes. */
  readonly orphans: readonly LinkableNode[];
  /** Apps whose only matching nodes were already linked to other apps. */
  readonly bindingConflicts: number;
  /** Apps bound to any namespace with several matching nodes. */
  readonly wildcardMultiMatch: number;
  readonly warnings: readonly string[];
}

/**
 * Links every app to a node. An app keeps its node of `before` while that runs, so that a node of the same name that
 * starts later does not replace it. An app that waits for its node from before the restart is not linked to another
 * one. Of several nodes the first by FQN is used; a node that matches two apps is linked to the first app. `nodeOfId`
 * returns the node that would be shown under an id.
 */
export function linkApps(
  apps: readonly LinkableApp[],
  index: NodeIndex,
  nodeOfId: (id: string) => LinkableNode | undefined,
  before: ReadonlyMap<string, LinkableNode> = new Map(),
  waitedFor?: BoundNodes['waitedFor'],
): Linking {
  const nodes = new Map<string, LinkableNode>();
  const owners = new Map<LinkableNode, string>();
  const warnings: string[] = [];
  let bindingConflicts = 0;
  let wildcardMultiMatch = 0;
  const link = (id: string, node: LinkableNode): void => {
    nodes.set(id, node);
    owners.set(node, id);
  };

  const wanting = apps.filter(({ external }) => !external);
  /** The node from before the restart, unless the manifest binds the app to other nodes now. */
  const awaited = ({ id, binding }: LinkableApp): string | undefined => {
    const node = waitedFor?.(id);
    return node !== undefined && mayBind(binding, node.slice(node.indexOf(' ') + 1)) ? node : undefined;
  };
  const isSameNode = (a: LinkableNode, b: LinkableNode | undefined) => a.name === b?.name && a.runtime === b.runtime;
  if (before.size > 0 || waitedFor) {
    for (const app of wanting) {
      const { id, binding } = app;
      const wanted = awaited(app);
      const isWanted = (node: LinkableNode) =>
        wanted === undefined ? isSameNode(node, before.get(id)) : nodeKey(node) === wanted;
      const same = binding && index.matching(binding).find(isWanted);
      if (same && !owners.has(same)) link(id, same);
    }
  }
  for (const app of wanting) {
    const { id, binding } = app;
    if (!binding) continue;
    const matches = index.matching(binding);
    const linked = nodes.get(id);
    const free = matches.filter((node) => node === linked || !owners.has(node));
    const first = linked ?? (awaited(app) === undefined ? free[0] : undefined);
    if (first) link(id, first);
    else if (matches[0] && free.length === 0) {
      bindingConflicts++;
      warnings.push(`app ${id} is bound to ${matches[0].name}, which is already app ${owners.get(matches[0])}`);
    }
    if (first && free.length > 1 && binding.namespace === '*') {
      wildcardMultiMatch++;
      warnings.push(`app ${id} matches ${free.length} nodes and is bound to ${first.name}: set its namespace`);
    }
  }
  // Last, so that explicit bindings take precedence over equal names.
  for (const { id, binding, mayBeNodeOfItsId } of wanting) {
    const node = !binding && mayBeNodeOfItsId ? nodeOfId(id) : undefined;
    if (node && !owners.has(node)) link(id, node);
  }

  return {
    nodes,
    unlinked: wanting.filter(({ id }) => !nodes.has(id)).map(({ id }) => id),
    orphans: index.all.filter((node) => !node.internal && !owners.has(node)),
    bindingConflicts,
    wildcardMultiMatch,
    warnings,
  };
}
