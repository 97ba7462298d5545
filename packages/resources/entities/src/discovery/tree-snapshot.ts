import type { ConditionalResource, TreeItem, TreeSnapshot } from '@medkit/contract';
import { ENTITY_KINDS, type Entity, type EntityTree, isLocal } from '@medkit/core';
import { nameplateBody } from './nameplate-body.ts';
import { omitEmpty } from './omit-empty.ts';

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
    ...omitEmpty({
      description: entity.description,
      translation_id: entity.translationId,
      tags: tags && [...tags],
      aliases: aliases && [...aliases],
      capabilities: [...new Set([...resources, ...capabilities])],
      ...kindFields(entity),
      runtime: entity.address?.runtime,
      available: entity.available,
      gateways: isLocal(entity) ? undefined : [...(entity.address?.via ?? [])],
      metadata,
    }),
  };
}

/** Returns the fields that only entities of this kind have. */
function kindFields(entity: Entity): Partial<TreeItem> {
  switch (entity.kind) {
    case 'area':
      return { ...omitEmpty({ parent: entity.parentAreaId, namespace: entity.namespace }) };
    case 'component':
      return {
        ...omitEmpty({
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
        ...omitEmpty({
          component: entity.componentId,
          depends_on: entity.dependsOn && [...entity.dependsOn],
          node: entity.node,
          external: entity.external,
        }),
      };
    case 'function':
      return { hosts: [...entity.hosts], ...omitEmpty({ depends_on: entity.dependsOn && [...entity.dependsOn] }) };
  }
}
