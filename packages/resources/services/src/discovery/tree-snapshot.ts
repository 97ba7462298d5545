import type { ConditionalResource, TreeItem, TreeSnapshot } from '@medkit/contract';
import { ENTITY_KINDS, type Entity, type EntityTree, isLocal } from '@medkit/core';
import { nameplateBody } from './nameplate-body.ts';
import { present } from './present.ts';

/**
 * Returns the whole tree as one body. `instance` is the unique name of this gateway; `resourcesOf` returns the optional
 * resources of an entity.
 */
export function treeSnapshot(
  tree: EntityTree,
  instance: string,
  resourcesOf: (entity: Entity) => readonly ConditionalResource[],
): TreeSnapshot {
  const all = ENTITY_KINDS.flatMap((kind): readonly Entity[] => tree.all(kind));
  return { gateway: { instance }, items: all.map((entity) => treeItem(entity, resourcesOf(entity))) };
}

function treeItem(entity: Entity, resources: readonly ConditionalResource[]): TreeItem {
  const { kind, id, name, source, tags, aliases, capabilities = [], metadata } = entity;
  return {
    type: kind,
    id,
    name: name || id,
    source,
    ...present({
      description: entity.description,
      translation_id: entity.translationId,
      tags: tags && [...tags],
      aliases: aliases && [...aliases],
      capabilities: [...new Set([...resources, ...capabilities])],
      ...ownFields(entity),
      runtime: entity.address?.runtime,
      available: entity.available,
      gateways: isLocal(entity) ? undefined : [...(entity.address?.via ?? [])],
      metadata,
    }),
  };
}

/** Returns the fields that only entities of this kind have. */
function ownFields(entity: Entity): Partial<TreeItem> {
  switch (entity.kind) {
    case 'area':
      return { ...present({ parent: entity.parentAreaId, namespace: entity.namespace }) };
    case 'component':
      return {
        ...present({
          parent: entity.parentComponentId,
          area: entity.areaId,
          depends_on: entity.dependsOn && [...entity.dependsOn],
          namespace: entity.namespace,
          component_type: entity.type,
          variant: entity.variant,
          external: entity.external,
          identity: entity.identity && nameplateBody(entity.identity),
        }),
      };
    case 'app':
      return {
        is_online: entity.online,
        ...present({
          component: entity.componentId,
          depends_on: entity.dependsOn && [...entity.dependsOn],
          node: entity.node,
          external: entity.external,
        }),
      };
    case 'function':
      return { hosts: [...entity.hosts], ...present({ depends_on: entity.dependsOn && [...entity.dependsOn] }) };
  }
}
