import type { NodeBinding } from '@medkit/core';
import { mayBind } from './binding.ts';
import type { LinkableNode, NodeIndex } from './node-index.ts';

/** An app that wants a node, as far as that matters. */
export interface LinkableApp {
  readonly id: string;
  readonly binding?: NodeBinding;
  readonly external?: boolean;
  /** Without a binding it may be the node that would be shown under its id. */
  readonly mayBeNodeOfItsId?: boolean;
}

/** Remembers which node each app is, over restarts of the gateway. Nodes go by `nodeKey`. */
export interface BoundNodes {
  /** The node that an app was before the restart. Absent once no node is waited for. */
  readonly waitedFor: ((appId: string) => string | undefined) | undefined;
  bind(appId: string, node: string): void;
  /** The ids that the apps of a node had before the restart. */
  idsBefore(node: string): readonly string[];
}

/** A node as `BoundNodes` stores it. */
export function nodeKey({ runtime, name }: Pick<LinkableNode, 'runtime' | 'name'>): string {
  return `${runtime} ${name}`;
}

/** Which app is which node. */
export interface Linking {
  /** By app id. */
  readonly nodes: ReadonlyMap<string, LinkableNode>;
  /** Ids of apps that found no node, in the order given. External ones look for none. */
  readonly unlinked: readonly string[];
  /** Nodes that no app is, by FQN; internal ones are nobody's concern and not among them. */
  readonly orphans: readonly LinkableNode[];
  /** Apps that found only nodes which others had before them. */
  readonly bindingConflicts: number;
  /** Apps bound to any namespace that found several nodes. */
  readonly wildcardMultiMatch: number;
  readonly warnings: readonly string[];
}

/**
 * Finds the node of every app. An app keeps the node that it was `before` while that runs, so that a namesake that starts
 * later does not replace it. An app whose node of before the restart is waited for is no other node. Of several nodes the first by FQN counts; a node that two apps mean is the first app's.
 * `nodeOfId` knows under which id a node would be shown that no app is.
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
  /** The node of before the restart, unless the manifest binds the app to other nodes now. */
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
    const meant = index.matching(binding);
    const linked = nodes.get(id);
    const free = meant.filter((node) => node === linked || !owners.has(node));
    const first = linked ?? (awaited(app) === undefined ? free[0] : undefined);
    if (first) link(id, first);
    else if (meant[0] && free.length === 0) {
      bindingConflicts++;
      warnings.push(`app ${id} is bound to ${meant[0].name}, which is app ${owners.get(meant[0])} already`);
    }
    if (first && free.length > 1 && binding.namespace === '*') {
      wildcardMultiMatch++;
      warnings.push(`app ${id} could be any of ${free.length} nodes and is ${first.name}: give its namespace`);
    }
  }
  // Last, so that an explicit binding is never beaten by a mere equality of names.
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
