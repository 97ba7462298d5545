import { type EntityKind, KIND_WORDS } from '../routes/entity-kinds.ts';
import { API_BASE } from '../routes/route.ts';

/**
 * The resources whose addresses the detail of an entity always carries. Clients of the original require these members, so
 * they are sent whether or not this gateway serves the resource; `capabilities` says which it does.
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

/** Resources that only some entities of a kind have: whoever describes an entity says which. */
export type ConditionalResource = 'depends-on' | 'is-located-on' | 'belongs-to' | 'scripts' | 'locks';

/** Absolute path of an entity, or of a resource below it. */
export function entityHref(kind: EntityKind, id: string, resource?: string): string {
  const path = `${API_BASE}/${KIND_WORDS[kind].collection}/${id}`;
  return resource === undefined ? path : `${path}/${resource}`;
}

/** The address members of an entity's detail. */
export function entityUris<K extends EntityKind>(
  kind: K,
  id: string,
): { [Name in (typeof RESOURCES)[K][number]]: string } {
  const uris = RESOURCES[kind].map((name) => [name, entityHref(kind, id, name)]);
  return Object.fromEntries(uris);
}
