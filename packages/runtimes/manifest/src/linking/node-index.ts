import type { NodeBinding, RunningNode } from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';
import { isTopicIn, matchesNamespace } from './binding.ts';

/** A running node with its runtime. */
export interface LinkableNode extends RunningNode {
  readonly runtime: string;
}

/** Running nodes, indexed by the properties that bindings use. */
export interface NodeIndex {
  readonly all: readonly LinkableNode[];
  /** Returns the nodes that match a binding, ordered by FQN. */
  matching(binding: NodeBinding): readonly LinkableNode[];
}

export function nodeIndex(nodes: readonly LinkableNode[]): NodeIndex {
  const all = [...nodes].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  const byName = Map.groupBy(all, ({ name: fqn }) => splitNodeName(fqn).name);
  const named = ({ nodeName, namespace, isFullName }: NodeBinding): readonly LinkableNode[] => {
    const candidates = nodeName === undefined ? undefined : byName.get(nodeName);
    const matches = (other: string) => (isFullName ? other === namespace : matchesNamespace(namespace, other));
    return candidates?.filter(({ name: fqn }) => matches(splitNodeName(fqn).namespace)) ?? [];
  };
  return {
    all,
    matching: (binding) => {
      const { channelNamespace } = binding;
      if (channelNamespace === undefined) return named(binding);
      // Only bindings to topics need a scan of all nodes.
      const byBinding = new Set(named(binding));
      return all.filter(
        (node) => byBinding.has(node) || node.channels.some((topic) => isTopicIn(channelNamespace, topic)),
      );
    },
  };
}
