import type { Route } from './route.ts';

/** Collections of an entity that only the owner of the entity serves. */
export type OwnedCollection =
  | 'data'
  | 'operations'
  | 'configurations'
  | 'faults'
  | 'logs'
  | 'bulk-data'
  | 'status'
  | 'scripts'
  | 'locks'
  | 'triggers'
  | 'cyclic-subscriptions'
  | 'fault-triggers';

/** By the path segment after the entity. */
const COLLECTIONS: Readonly<Partial<Record<string, OwnedCollection>>> = {
  data: 'data',
  'data-categories': 'data',
  'data-groups': 'data',
  operations: 'operations',
  configurations: 'configurations',
  faults: 'faults',
  logs: 'logs',
  'bulk-data': 'bulk-data',
  status: 'status',
  scripts: 'scripts',
  locks: 'locks',
  triggers: 'triggers',
  'cyclic-subscriptions': 'cyclic-subscriptions',
  'fault-triggers': 'fault-triggers',
};

/**
 * Returns the owned collection that a route serves. Returns `undefined` for routes that the entity tree answers and for
 * routes of plugins.
 */
export function ownedCollection({ path, kind }: Pick<Route, 'path' | 'kind'>): OwnedCollection | undefined {
  const [, , , segment = ''] = path.split('/');
  return kind === undefined ? undefined : COLLECTIONS[segment];
}
