import { type RosBinding, type RunningNode, splitFqn } from '@medkit/core';
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
  const isMeant = ({ nodeName, namespace, topicNamespace }: RosBinding, { fqn, topics }: LinkableNode): boolean => {
    const node = splitFqn(fqn);
    if (nodeName === node.name && matchesNamespace(namespace, node.namespace)) return true;
    return topicNamespace !== undefined && topics.some((topic) => isTopicIn(topicNamespace, topic));
  };
  return {
    all,
    matching: (binding) => {
      // Only who is known by its topics is looked for among all.
      const named = binding.topicNamespace === undefined ? (byName.get(binding.nodeName ?? '') ?? []) : all;
      return named.filter((node) => isMeant(binding, node));
    },
  };
}
