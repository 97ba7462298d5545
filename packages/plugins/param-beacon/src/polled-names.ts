import { type EntityLists, isLocal } from '@medkit/core';
import { isInternalNode, splitNodeName } from '@medkit/core/discovery';

/**
 * Full names of the nodes of a tree that can be asked: those of apps that run here. Apps that only other gateways tell of
 * are theirs to ask, and nobody asks internal nodes.
 */
export function polledNames({ apps }: Pick<EntityLists, 'apps'>): readonly string[] {
  return apps
    .filter((app) => app.online && isLocal(app))
    .flatMap(({ node: fqn }) => (fqn && !isInternalNode(splitNodeName(fqn).name) ? [fqn] : []));
}
