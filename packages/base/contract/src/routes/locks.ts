import { AcquireLockRequest, ExtendLockRequest, Lock, LockList } from '../schemas/locks.ts';
import * as Type from '../schemas/type.ts';
import { clientIdParameter } from './client-id.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS } from './errors.ts';
import type { Parameter, RouteFamily } from './route.ts';

const lockParameter: Parameter = {
  name: 'lock_id',
  in: 'path',
  description: 'Id of the lock',
  schema: Type.String({ minLength: 1 }),
  example: 'lock_1',
};
const requiredClientId: Parameter = { ...clientIdParameter, required: true };

/** Locking is disabled, or the stored locks cannot be read or written. */
const LOCKING_ERRORS = [...ENTITY_ERRORS, 'not-implemented', 'service-unavailable'] as const;

const example: Lock = {
  id: 'lock_1',
  owned: true,
  scopes: ['configurations'],
  lock_expiration: '2026-03-23T02:20:33Z',
  holder: 'engineer-alice',
  entity: { type: 'component', id: 'navigation' },
  acquired_at: '2026-03-23T02:15:33Z',
  breakable: true,
};

const effectiveParameter: Parameter = {
  name: 'effective',
  in: 'query',
  description: 'Also the locks of the entities that contain it, which apply to it as well',
  schema: Type.Boolean(),
  example: true,
};

const COLLECTION = '/locks';
const ITEM = `${COLLECTION}/{lock_id}`;

export const listLocks = entityRoutes<typeof LockList, never>((terms) => ({
  method: 'get',
  path: COLLECTION,
  operationId: `list${terms.cap}Locks`,
  permission: 'read',
  tag: 'Locking',
  summary: `List the locks of ${terms.a}`,
  description:
    'Returns the lock of the entity, or an empty list. Entities that contain it can be locked as well: `?effective=true` returns all locks that apply to the entity, its own lock first.',
  join: 'owner',
  parameters: [effectiveParameter, clientIdParameter],
  responses: { 200: { description: 'The locks', schema: LockList, example: { items: [example] } } },
  errors: LOCKING_ERRORS,
}));

export const listAllLocks: RouteFamily<typeof LockList> = [
  {
    method: 'get',
    path: '/x-medkit-locks',
    operationId: 'listAllLocks',
    permission: 'read',
    tag: 'Locking',
    summary: 'List the locks of all entities',
    description: 'Lists all locks, oldest first.',
    join: 'local',
    parameters: [clientIdParameter],
    responses: { 200: { description: 'The locks', schema: LockList, example: { items: [example] } } },
    errors: ['not-implemented', 'service-unavailable'],
  },
];

export const acquireLock = entityRoutes<typeof Lock, typeof AcquireLockRequest>((terms) => ({
  method: 'post',
  path: COLLECTION,
  operationId: `acquire${terms.cap}Lock`,
  permission: 'locks',
  tag: 'Locking',
  summary: `Lock ${terms.a}`,
  description:
    'Gives this client the exclusive right to change the collections named in `scopes`, for the entity and for all entities that it contains or hosts. The gateway replies when no change by another client is in progress. The lock survives a restart of the gateway.',
  parameters: [requiredClientId],
  body: {
    schema: AcquireLockRequest,
    description: 'Scopes and duration of the lock',
    examples: {
      'Five minutes for parameters': { lock_expiration: 300, scopes: ['configurations'] },
      'Everything, taking over existing locks': { lock_expiration: 60, break_lock: true },
    },
  },
  responses: {
    201: { description: 'The lock', schema: Lock, example, headers: { Location: 'Address of the lock' } },
  },
  errors: [...LOCKING_ERRORS, 'precondition-not-fulfilled'],
  unusualErrors: [
    [409, 'invalid-request'],
    [409, 'lock-broken'],
  ],
}));

export const getLock = entityRoutes<typeof Lock, never>((terms) => ({
  method: 'get',
  path: ITEM,
  operationId: `get${terms.cap}Lock`,
  permission: 'read',
  tag: 'Locking',
  summary: `Read a lock of ${terms.a}`,
  description: 'Returns the holder, scopes and expiration of the lock.',
  parameters: [lockParameter, clientIdParameter],
  responses: { 200: { description: 'The lock', schema: Lock, example } },
  errors: [...LOCKING_ERRORS, 'resource-not-found'],
}));

export const extendLock = entityRoutes<never, typeof ExtendLockRequest>((terms) => ({
  method: 'put',
  path: ITEM,
  operationId: `extend${terms.cap}Lock`,
  permission: 'locks',
  tag: 'Locking',
  summary: `Extend a lock of ${terms.a}`,
  description: 'Sets a new expiration, counted from now.',
  parameters: [lockParameter, requiredClientId],
  body: {
    schema: ExtendLockRequest,
    description: 'The new duration',
    examples: { 'Ten minutes more': { lock_expiration: 600 } },
  },
  responses: { 204: { description: 'Extended' } },
  errors: [...LOCKING_ERRORS, 'forbidden', 'resource-not-found'],
}));

export const releaseLock = entityRoutes<never, never>((terms) => ({
  method: 'delete',
  path: ITEM,
  operationId: `release${terms.cap}Lock`,
  permission: 'locks',
  tag: 'Locking',
  summary: `Release a lock of ${terms.a}`,
  description: 'Releases the lock.',
  parameters: [lockParameter, requiredClientId],
  responses: { 204: { description: 'Released' } },
  errors: [...LOCKING_ERRORS, 'forbidden', 'resource-not-found'],
}));
