import type { App, Area, Component, EntityLists, FunctionEntity } from '../entity/entity.ts';

/** Creates an area with the fields that matter to a test. */
export function area(id: string, fields: Partial<Omit<Area, 'kind' | 'id'>> = {}): Area {
  return { kind: 'area', id, name: id, source: 'manifest', ...fields };
}

/** Creates a component with the fields that matter to a test. */
export function component(id: string, fields: Partial<Omit<Component, 'kind' | 'id'>> = {}): Component {
  return { kind: 'component', id, name: id, source: 'runtime', ...fields };
}

/** Creates an online app with the fields that matter to a test. */
export function app(id: string, fields: Partial<Omit<App, 'kind' | 'id'>> = {}): App {
  return { kind: 'app', id, name: id, source: 'heuristic', online: true, ...fields };
}

/** Creates a function with the given hosts and the fields that matter to a test. */
export function functionEntity(
  id: string,
  hosts: readonly string[],
  fields: Partial<Omit<FunctionEntity, 'kind' | 'id' | 'hosts'>> = {},
): FunctionEntity {
  return { kind: 'function', id, name: id, source: 'runtime', hosts, ...fields };
}

/** Returns entity lists with the given kinds; the other kinds are empty. */
export function entityLists(lists: Partial<EntityLists>): EntityLists {
  return { areas: [], components: [], apps: [], functions: [], ...lists };
}
