import type { App, Component, EntityTree } from '@medkit/core';

/**
 * Returns whether an entity without a lifecycle provider is ready: an app while it is online, a component unless it
 * hosts apps and all are offline. A single offline app is `notReady` itself but does not affect its component. A
 * component without apps only groups others.
 */
export function isReady(tree: EntityTree, entity: App | Component): boolean {
  if (entity.kind === 'app') return entity.online;
  const hosted = tree.appsOn(entity.id);
  return hosted.length === 0 || hosted.some(({ online }) => online);
}
