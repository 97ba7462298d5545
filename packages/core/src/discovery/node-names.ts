import type { NodeBinding } from '../entity/entity.ts';

/** Splits a node's full name: `/robot/camera` becomes `/robot` and `camera`. The root namespace is `/`. */
export function splitNodeName(node: string): { readonly namespace: string; readonly name: string } {
  const cut = node.lastIndexOf('/');
  return { namespace: node.slice(0, Math.max(cut, 0)) || '/', name: node.slice(cut + 1) };
}

/**
 * Returns the full name of the node that a binding selects. Returns `undefined` if the binding can match several nodes
 * or matches by channel.
 */
export function boundNode(binding: NodeBinding | undefined): string | undefined {
  if (!binding?.nodeName || binding.namespace.includes('*')) return undefined;
  const segments = binding.namespace.split('/').filter((segment) => segment !== '');
  return `/${[...segments, binding.nodeName].join('/')}`;
}
