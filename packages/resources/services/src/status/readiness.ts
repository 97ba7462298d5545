import type { App, Component, EntityTree } from '@medkit/core';

/**
 * Whether an entity that no provider speaks for is ready: an app while it is online, a component unless it hosts apps and
 * all of them are offline. One app that is down is that app's own `notReady`, and a component without apps only groups.
 */
export function isReady(tree: EntityTree, entity: App | Component): boolean {
  if (entity.kind === 'app') return entity.online;
  const hosted = tree.appsOn(entity.id);
  return hosted.length === 0 || hosted.some(({ online }) => online);
}
