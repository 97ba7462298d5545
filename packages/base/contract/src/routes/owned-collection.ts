import type { Route } from './route.ts';

/** The collections of an entity that whoever the entity belongs to serves, or nobody. */
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

/** By the segment behind the entity in a path. */
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

/** The collection of an entity that a route is about; `undefined` for what the tree tells, and what plugins serve. */
export function ownedCollection({ path, kind }: Pick<Route, 'path' | 'kind'>): OwnedCollection | undefined {
  const [, , , segment = ''] = path.split('/');
  return kind === undefined ? undefined : COLLECTIONS[segment];
}
