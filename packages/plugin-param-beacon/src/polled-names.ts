import type { EntityLists } from '@medkit/core';

/**
 * Full names of the nodes of a tree that can be asked: those of apps that run here. A gateway's own apps of other gateways
 * are theirs to ask, and nodes with a name that begins with `_` are tools.
 */
export function polledNames({ apps }: Pick<EntityLists, 'apps'>): readonly string[] {
  return apps.flatMap(({ online, fqn, contributors = ['local'] }) =>
    online && fqn && contributors.includes('local') && !fqn.slice(fqn.lastIndexOf('/') + 1).startsWith('_')
      ? [fqn]
      : [],
  );
}
