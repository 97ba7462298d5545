import type { App, Area, Component, EntityLists, FunctionEntity } from '../entity/entity.ts';

/** An area with the fields that matter to a test. */
export function area(id: string, fields: Partial<Omit<Area, 'kind' | 'id'>> = {}): Area {
  return { kind: 'area', id, name: id, source: 'manifest', ...fields };
}

/** A component with the fields that matter to a test. */
export function component(id: string, fields: Partial<Omit<Component, 'kind' | 'id'>> = {}): Component {
  return { kind: 'component', id, name: id, source: 'runtime', ...fields };
}

/** An online app with the fields that matter to a test. */
export function app(id: string, fields: Partial<Omit<App, 'kind' | 'id'>> = {}): App {
  return { kind: 'app', id, name: id, source: 'heuristic', online: true, ...fields };
}

/** A function of the hosts given, with the fields that matter to a test. */
export function functionEntity(
  id: string,
  hosts: readonly string[],
  fields: Partial<Omit<FunctionEntity, 'kind' | 'id' | 'hosts'>> = {},
): FunctionEntity {
  return { kind: 'function', id, name: id, source: 'runtime', hosts, ...fields };
}

/** Entities of the kinds given; none of the others. */
export function entityLists(lists: Partial<EntityLists>): EntityLists {
  return { areas: [], components: [], apps: [], functions: [], ...lists };
}
