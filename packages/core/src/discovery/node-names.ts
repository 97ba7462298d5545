import type { RosBinding } from '../entity/entity.ts';

/** The parts of a node's full name: `/robot` and `camera` of `/robot/camera`. The root namespace is `/`. */
export function splitFqn(fqn: string): { readonly namespace: string; readonly name: string } {
  const cut = fqn.lastIndexOf('/');
  return { namespace: fqn.slice(0, Math.max(cut, 0)) || '/', name: fqn.slice(cut + 1) };
}

/** The full name of the one node that a binding means; `undefined` where it may be several, or is told by its topics. */
export function boundFqn(binding: RosBinding | undefined): string | undefined {
  if (!binding?.nodeName || binding.namespace.includes('*')) return undefined;
  const segments = binding.namespace.split('/').filter((segment) => segment !== '');
  return `/${[...segments, binding.nodeName].join('/')}`;
}
