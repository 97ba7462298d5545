import { AcquireLockRequest, ExtendLockRequest, Lock, LockList } from '../schemas/locks.ts';
import * as Type from '../schemas/type.ts';
import { clientIdParameter } from './client-id.ts';
import { entityPath, type KindWords } from './entity-kinds.ts';
import { ENTITY_ERRORS } from './errors.ts';
import { entityParameter } from './parameters.ts';
import { type Parameter, perKind, type RouteFamily } from './route.ts';

const lockParameter: Parameter = {
  name: 'lock_id',
  in: 'path',
  description: 'Id of the lock',
  schema: Type.String({ minLength: 1 }),
  example: 'lock_1',
};
const ownIdParameter: Parameter = { ...clientIdParameter, required: true };

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

const collectionOf = (words: KindWords) => `${entityPath(words)}/locks`;
const itemOf = (words: KindWords) => `${collectionOf(words)}/{lock_id}`;

export const listLocks = perKind<typeof LockList, never>((words) => ({
  method: 'get',
  path: collectionOf(words),
  operationId: `list${words.cap}Locks`,
  permission: 'read',
  tag: 'Locking',
  summary: `List the locks of ${words.a}`,
  description:
    'Returns the lock of the entity, or an empty list. Entities that contain it can be locked as well: `?effective=true` returns all locks that apply to the entity, its own lock first.',
  kind: words.kind,
  parameters: [entityParameter(words), effectiveParameter, clientIdParameter],
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
    parameters: [clientIdParameter],
    responses: { 200: { description: 'The locks', schema: LockList, example: { items: [example] } } },
    errors: ['not-implemented', 'service-unavailable'],
  },
];

export const acquireLock = perKind<typeof Lock, typeof AcquireLockRequest>((words) => ({
  method: 'post',
  path: collectionOf(words),
  operationId: `acquire${words.cap}Lock`,
  permission: 'locks',
  tag: 'Locking',
  summary: `Lock ${words.a}`,
  description:
    'Gives this client the exclusive right to change the collections named in `scopes`, for the entity and for all entities that it contains or hosts. The gateway replies when no change by another client is in progress. The lock survives a restart of the gateway.',
  kind: words.kind,
  parameters: [entityParameter(words), ownIdParameter],
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

export const getLock = perKind<typeof Lock, never>((words) => ({
  method: 'get',
  path: itemOf(words),
  operationId: `get${words.cap}Lock`,
  permission: 'read',
  tag: 'Locking',
  summary: `Read a lock of ${words.a}`,
  description: 'Returns the holder, scopes and expiration of the lock.',
  kind: words.kind,
  parameters: [entityParameter(words), lockParameter, clientIdParameter],
  responses: { 200: { description: 'The lock', schema: Lock, example } },
  errors: [...LOCKING_ERRORS, 'resource-not-found'],
}));

export const extendLock = perKind<never, typeof ExtendLockRequest>((words) => ({
  method: 'put',
  path: itemOf(words),
  operationId: `extend${words.cap}Lock`,
  permission: 'locks',
  tag: 'Locking',
  summary: `Extend a lock of ${words.a}`,
  description: 'Sets a new expiration, counted from now.',
  kind: words.kind,
  parameters: [entityParameter(words), lockParameter, ownIdParameter],
  body: {
    schema: ExtendLockRequest,
    description: 'The new duration',
    examples: { 'Ten minutes more': { lock_expiration: 600 } },
  },
  responses: { 204: { description: 'Extended' } },
  errors: [...LOCKING_ERRORS, 'forbidden', 'resource-not-found'],
}));

export const releaseLock = perKind<never, never>((words) => ({
  method: 'delete',
  path: itemOf(words),
  operationId: `release${words.cap}Lock`,
  permission: 'locks',
  tag: 'Locking',
  summary: `Release a lock of ${words.a}`,
  description: 'Releases the lock.',
  kind: words.kind,
  parameters: [entityParameter(words), lockParameter, ownIdParameter],
  responses: { 204: { description: 'Released' } },
  errors: [...LOCKING_ERRORS, 'forbidden', 'resource-not-found'],
}));
