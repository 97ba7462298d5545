import { type EntityLists, isLocal } from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';
import { isInternalNode } from '@medkit/ros2';

/**
 * Full names of the nodes of a tree that can be asked: those of apps that run here. Apps that only other gateways tell of
 * are theirs to ask, and nobody asks internal nodes.
 */
export function polledNames({ apps }: Pick<EntityLists, 'apps'>): readonly string[] {
  return apps
    .filter((app) => app.online && isLocal(app))
    .flatMap(({ node }) => (node && !isInternalNode(splitNodeName(node).name) ? [node] : []));
}
