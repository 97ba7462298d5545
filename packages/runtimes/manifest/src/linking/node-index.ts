import type { RosBinding, RunningNode } from '@medkit/core';
import { splitFqn } from '@medkit/core/discovery';
import { isTopicIn, matchesNamespace } from './binding.ts';

/** A running node, and the runtime that has it. */
export interface LinkableNode extends RunningNode {
  readonly runtime: string;
}

/** Running nodes by what bindings ask for. */
export interface NodeIndex {
  readonly all: readonly LinkableNode[];
  /** The nodes that a binding can mean, by FQN. */
  matching(binding: RosBinding): readonly LinkableNode[];
}

export function nodeIndex(nodes: readonly LinkableNode[]): NodeIndex {
  const all = [...nodes].sort((a, b) => (a.fqn < b.fqn ? -1 : a.fqn > b.fqn ? 1 : 0));
  const byName = Map.groupBy(all, ({ fqn }) => splitFqn(fqn).name);
  const named = ({ nodeName, namespace }: RosBinding): readonly LinkableNode[] => {
    const candidates = nodeName === undefined ? undefined : byName.get(nodeName);
    return candidates?.filter(({ fqn }) => matchesNamespace(namespace, splitFqn(fqn).namespace)) ?? [];
  };
  return {
    all,
    matching: (binding) => {
      const { topicNamespace } = binding;
      if (topicNamespace === undefined) return named(binding);
      // Only who is known by its topics is looked for among all.
      const byBinding = new Set(named(binding));
      return all.filter((node) => byBinding.has(node) || node.topics.some((topic) => isTopicIn(topicNamespace, topic)));
    },
  };
}
