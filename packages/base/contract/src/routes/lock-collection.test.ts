import assert from 'node:assert/strict';
import { test } from 'node:test';
import { failuresOf } from './errors.ts';
import { lockCollection } from './lock-collection.ts';
import { ALL_ROUTES } from './routes.ts';

/** Scopes that a lock can name. */
const SCOPES = [
  'data',
  'operations',
  'configurations',
  'faults',
  'bulk-data',
  'scripts',
  'logs',
  'cyclic-subscriptions',
];
/** Collections without a scope name in ros2_medkit: only a lock on everything blocks them. */
const CLOSED_WITH_ALL = ['triggers'];
/** Routes of an entity. No lock blocks resources of the server itself. */
const OF_ENTITY = /^\/(?:areas|components|apps|functions)\//;
/** Lock routes have separate rules. */
const OPEN = /Lock$/;

test('every route that changes something of an entity is closed by the locks of a collection', () => {
  for (const route of ALL_ROUTES) {
    const collection = lockCollection(route);
    const isOpen = route.method === 'get' || OPEN.test(route.operationId) || !OF_ENTITY.test(route.path);
    assert.equal(collection === undefined, isOpen, route.operationId);
    if (collection !== undefined)
      assert.ok([...SCOPES, ...CLOSED_WITH_ALL].includes(collection), `${route.operationId}: ${collection}`);
    const declared = failuresOf(route, false).some(([, code]) => code === 'lock-broken');
    // A lock route that conflicts with another lock belongs to no locked collection.
    assert.equal(declared, !isOpen || /^acquire/.test(route.operationId), route.operationId);
  }
});

test('a resource named by its path is locked under that name, unless the route names another collection', () => {
  const change = { method: 'put', kind: 'app' } as const;
  const collectionOf = (path: string, more: object = {}) => lockCollection({ ...change, path, ...more });
  assert.equal(collectionOf('/apps/{app_id}/configurations/{config_id}'), 'configurations');
  assert.equal(collectionOf('/apps/{app_id}/status/start', { lockedAs: 'operations' }), 'operations');
  assert.equal(collectionOf('/apps/{app_id}/x-plc-data/{tag}'), 'x-plc-data');
  assert.equal(collectionOf('/apps/{app_id}'), 'app');
  assert.equal(collectionOf('/apps/{app_id}/locks/{lock_id}'), undefined);
  assert.equal(collectionOf('/apps/{app_id}/data/{data_id}', { method: 'get' }), undefined);
  assert.equal(collectionOf('/updates/{update_id}', { kind: undefined }), undefined);
});
