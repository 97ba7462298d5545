import { type EntityLists, isLocal } from '@medkit/core';
import { splitNodeName } from '@medkit/core/discovery';
import { isInternalNode } from '@medkit/ros2';

/**
 * Returns the full names of the nodes to poll: those of local running apps. Other gateways poll their own apps, and
 * internal nodes are not polled.
 */
export function polledNames({ apps }: Pick<EntityLists, 'apps'>): readonly string[] {
  return apps
    .filter((app) => app.online && isLocal(app))
    .flatMap(({ node }) => (node && !isInternalNode(splitNodeName(node).name) ? [node] : []));
}
