import { ALL_KINDS, capabilitiesOf, isServed, KIND_TERMS, RESOURCES } from '@medkit/contract';
import { entityNotFound, findEntity } from './find-entity.ts';
import { type MedkitService, refused } from './medkit-service.ts';

/** Resources of the server. */
const SERVER = ['apps', 'components', 'areas', 'functions', 'faults', 'health'];

/**
 * `get_capabilities`: resources of an entity, beginning with those of plugins; without an entity, those of the server.
 */
export const getCapabilities: MedkitService = {
  name: 'get_capabilities',
  type: 'ros2_medkit_msgs/srv/GetCapabilities',
  async answer({ entity_id }, gateway) {
    const id = String(entity_id);
    if (id === '') {
      return {
        success: true,
        capabilities: SERVER,
        resource_types: ALL_KINDS.map((kind) => KIND_TERMS[kind].collection),
      };
    }
    const entity = findEntity(await gateway.entities(), id);
    if (!entity) return refused(entityNotFound(id));
    const { kind, capabilities: declared = [] } = entity;
    const all = capabilitiesOf(kind, id, [], declared).map(({ name }) => name);
    const resources = (RESOURCES[kind] as readonly string[]).filter((name) => isServed(kind, name));
    return { success: true, capabilities: [...new Set([...declared, ...all])], resource_types: resources };
  },
};
