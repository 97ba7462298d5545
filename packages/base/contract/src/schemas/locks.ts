import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const Lock = named(
  'Lock',
  Type.Object({
    id: Type.String({ description: '`lock_<n>`, never reused.' }),
    owned: Type.Boolean({ description: 'Whether the requesting client holds it.' }),
    scopes: optional(Type.Array(Type.String(), { description: 'The locked collections; absent: all of them.' })),
    lock_expiration: Type.String({ description: 'When it expires, in UTC with whole seconds.' }),
    holder: optional(Type.String({ description: 'The holder, by its `X-Client-Id`.' })),
    entity: optional(
      Type.Object(
        { type: oneOf('area', 'component', 'app', 'function'), id: Type.String() },
        { description: 'The locked entity; the lock includes the entities that it contains.' },
      ),
    ),
    acquired_at: optional(
      Type.String({ description: 'When it was acquired, in UTC; absent for a lock of an earlier version.' }),
    ),
    breakable: optional(Type.Boolean({ description: 'Whether other clients can take it over with `break_lock`.' })),
    'x-medkit': optional(
      Type.Object({ problem: Type.String({ description: 'Why it has no effect at the moment, as a sentence.' }) }),
    ),
  }),
);
export type Lock = Type.Static<typeof Lock>;

export const LockList = named('LockList', Type.Object({ items: Type.Array(Lock) }));
export type LockList = Type.Static<typeof LockList>;

const lock_expiration = Type.Integer({ description: 'Seconds from now until it ends, above 0.' });

export const AcquireLockRequest = named(
  'AcquireLockRequest',
  Type.Object({
    lock_expiration,
    scopes: optional(
      Type.Array(Type.String(), {
        description:
          'The collections to lock: `data`, `operations`, `configurations`, `faults`, `bulk-data`, `modes`, `scripts`, `logs`, `cyclic-subscriptions`. None: all of them.',
      }),
    ),
    break_lock: optional(Type.Boolean({ description: 'Takes over the lock of another client if it is breakable.' })),
  }),
);
export type AcquireLockRequest = Type.Static<typeof AcquireLockRequest>;

export const ExtendLockRequest = named('ExtendLockRequest', Type.Object({ lock_expiration }));
export type ExtendLockRequest = Type.Static<typeof ExtendLockRequest>;
