import { capabilitiesOf } from '@medkit/contract';
import { ENTITY_KINDS, type Entity } from '@medkit/core';
import type { RosMessage } from '@medkit/ros2';
import { type MedkitService, refused } from './medkit-service.ts';

/** `list_entities`: all entities, or those of a kind, of a parent, or both. */
export const listEntities: MedkitService = {
  name: 'list_entities',
  type: 'ros2_medkit_msgs/srv/ListEntities',
  async answer({ entity_type, parent_id }, gateway) {
    const [kind, parent] = [String(entity_type), String(parent_id)];
    if (kind !== '' && !ENTITY_KINDS.some((each) => each === kind)) {
      return refused(`Unknown entity_type '${kind}': use ${ENTITY_KINDS.join(', ')}, or leave it empty for all`);
    }
    const { areas, components, apps, functions } = await gateway.entities();
    const all: readonly Entity[] = [...areas, ...components, ...apps, ...functions];
    const listed = all.filter(
      (entity) => (kind === '' || entity.kind === kind) && (parent === '' || parentOf(entity) === parent),
    );
    return { success: true, entities: listed.map(entityInfo) };
  },
};

function entityInfo(entity: Entity): RosMessage {
  const { id, name, kind, capabilities } = entity;
  return {
    id,
    name,
    entity_type: kind,
    parent_id: parentOf(entity) ?? '',
    fqn: fqnOf(entity) ?? '',
    capabilities: capabilitiesOf(kind, id, [], capabilities).map((capability) => capability.name),
  };
}

/** Returns the parent of an entity. A subcomponent is listed under its area as well. */
function parentOf(entity: Entity): string | undefined {
  if (entity.kind === 'area') return entity.parentAreaId;
  if (entity.kind === 'component') return entity.areaId;
  return entity.kind === 'app' ? entity.componentId : undefined;
}

function fqnOf(entity: Entity): string | undefined {
  if (entity.kind === 'app') return entity.node;
  return entity.kind === 'function' ? undefined : entity.namespace;
}
