import type { NodeBinding } from '@medkit/core';

export { boundNode } from '@medkit/core/discovery';

/** Any namespace. */
const ANY = '*';

/** Returns whether `namespace` matches `pattern`: equal or below it, compared by segments. */
export function matchesNamespace(pattern: string, namespace: string): boolean {
  if (pattern === ANY) return true;
  const wanted = segments(pattern);
  const there = segments(namespace);
  // The root does not match everything: a binding to it means nodes without a namespace.
  if (wanted.length === 0) return there.length === 0;
  return wanted.length <= there.length && wanted.every((segment, at) => matchesSegment(segment, there[at] ?? ''));
}

/** Returns whether a binding may match a node by its full name. A binding to a channel, or none, may match any node. */
export function mayBind(binding: NodeBinding | undefined, fqn: string): boolean {
  if (!binding || binding.channelNamespace !== undefined) return true;
  const cut = fqn.lastIndexOf('/');
  return binding.nodeName === fqn.slice(cut + 1) && matchesNamespace(binding.namespace, fqn.slice(0, cut));
}

/** Returns whether `topic` is in `namespace`. */
export function isTopicIn(namespace: string, topic: string): boolean {
  const prefix = segments(namespace);
  const path = segments(topic);
  return prefix.length > 0 && prefix.length < path.length && prefix.every((segment, at) => segment === path[at]);
}

function segments(path: string): readonly string[] {
  return path.split('/').filter((segment) => segment !== '');
}

/** `robot_*` matches any segment with that beginning. */
function matchesSegment(pattern: string, segment: string): boolean {
  if (!pattern.includes(ANY)) return pattern === segment;
  const [head = '', ...rest] = pattern.split(ANY);
  const tail = rest.pop() ?? '';
  if (segment.length < head.length + tail.length || !segment.startsWith(head) || !segment.endsWith(tail)) return false;
  let at = head.length;
  for (const part of rest) {
    const found = segment.indexOf(part, at);
    if (found < 0 || found + part.length > segment.length - tail.length) return false;
    at = found + part.length;
  }
  return true;
}
