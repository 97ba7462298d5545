import type { NodeBinding } from '../entity/entity.ts';

/** The parts of a node's full name: `/robot` and `camera` of `/robot/camera`. The root namespace is `/`. */
export function splitNodeName(node: string): { readonly namespace: string; readonly name: string } {
  const cut = node.lastIndexOf('/');
  return { namespace: node.slice(0, Math.max(cut, 0)) || '/', name: node.slice(cut + 1) };
}

/** The full name of the one node that a binding means; `undefined` where it may be several, or is told by its channels. */
export function boundNode(binding: NodeBinding | undefined): string | undefined {
  if (!binding?.nodeName || binding.namespace.includes('*')) return undefined;
  const segments = binding.namespace.split('/').filter((segment) => segment !== '');
  return `/${[...segments, binding.nodeName].join('/')}`;
}
