import { type EntityKind, KIND_TERMS } from './entity-kinds.ts';
import { API_BASE } from './route.ts';

/**
 * Resources whose addresses the detail of an entity always contains. Clients of ros2_medkit require these members, so
 * the gateway sends them even if it does not serve the resource; `capabilities` lists the served ones.
 */
export const RESOURCES = {
  area: [
    'subareas',
    'components',
    'contains',
    'data',
    'operations',
    'configurations',
    'faults',
    'logs',
    'bulk-data',
    'triggers',
  ],
  component: [
    'status',
    'data',
    'operations',
    'configurations',
    'faults',
    'logs',
    'subcomponents',
    'hosts',
    'bulk-data',
    'cyclic-subscriptions',
    'triggers',
  ],
  app: [
    'status',
    'data',
    'operations',
    'configurations',
    'faults',
    'logs',
    'bulk-data',
    'cyclic-subscriptions',
    'triggers',
  ],
  function: [
    'hosts',
    'data',
    'operations',
    'configurations',
    'faults',
    'logs',
    'bulk-data',
    'cyclic-subscriptions',
    'triggers',
    'x-medkit-graph',
  ],
} as const satisfies Record<EntityKind, readonly string[]>;

/** Resources that only some entities of a kind have; the caller states which. */
export type ConditionalResource = 'depends-on' | 'is-located-on' | 'belongs-to' | 'scripts' | 'locks';

/** Returns the absolute path of an entity or of one of its resources. */
export function entityHref(kind: EntityKind, id: string, resource?: string): string {
  const path = `${API_BASE}/${KIND_TERMS[kind].collection}/${id}`;
  return resource === undefined ? path : `${path}/${resource}`;
}

/** Returns the address members of an entity's detail. */
export function entityUris<K extends EntityKind>(
  kind: K,
  id: string,
): { [Name in (typeof RESOURCES)[K][number]]: string } {
  const uris = RESOURCES[kind].map((name) => [name, entityHref(kind, id, name)]);
  return Object.fromEntries(uris);
}
