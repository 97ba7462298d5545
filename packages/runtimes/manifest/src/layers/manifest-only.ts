import type { App, Contribution } from '@medkit/core';
import { rank } from '@medkit/core/merge';
import { boundNode } from '../linking/binding.ts';
import { MANIFEST_RUNTIME } from './manifest-contribution.ts';

/**
 * Returns the manifest's tree without the graph: no app is linked, so none is online. Requests for resources of an app
 * whose binding names one node still go to that node.
 */
export function arrangeManifestOnly(contributions: readonly Contribution[]): readonly Contribution[] {
  const layers = rank(contributions);
  const declared = layers.find(({ runtime }) => runtime === MANIFEST_RUNTIME)?.apps ?? [];
  const [first] = layers.filter(({ nodes }) => nodes !== undefined);
  return layers.map((layer) => {
    if (layer.nodes === undefined) return layer;
    const apps = layer === first ? declared.flatMap((app) => addressed(app, layer.runtime)) : [];
    return { ...layer, areas: [], components: [], apps, functions: [] };
  });
}

function addressed({ id, external, binding }: App, runtime: string): readonly App[] {
  const fqn = external ? undefined : boundNode(binding);
  if (fqn === undefined) return [];
  const address = { runtime, nativeId: fqn };
  return [{ kind: 'app', id, name: '', source: 'runtime', online: false, node: fqn, aliases: [fqn], address }];
}
