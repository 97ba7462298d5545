import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const Lock = named(
  'Lock',
  Type.Object({
    id: Type.String({ description: '`lock_<n>`, never given twice.' }),
    owned: Type.Boolean({ description: 'Whether the client that asks holds it.' }),
    scopes: optional(
      Type.Array(Type.String(), { description: 'The collections that it closes; absent: all of them.' }),
    ),
    lock_expiration: Type.String({ description: 'When it ends by itself, in UTC with whole seconds.' }),
    holder: optional(Type.String({ description: 'Who holds it, as `X-Client-Id` named them.' })),
    entity: optional(
      Type.Object(
        { type: oneOf('area', 'component', 'app', 'function'), id: Type.String() },
        { description: 'The entity that was locked; what that contains is closed with it.' },
      ),
    ),
    acquired_at: optional(
      Type.String({ description: 'When it was given, in UTC; absent of one of an earlier version.' }),
    ),
    breakable: optional(Type.Boolean({ description: 'Whether others can take it over with `break_lock`.' })),
    'x-medkit': optional(
      Type.Object({ problem: Type.String({ description: 'Why it closes nothing at the moment, in a sentence.' }) }),
    ),
  }),
);
export type Lock = Type.Static<typeof Lock>;

export const LockList = named('LockList', Type.Object({ items: Type.Array(Lock) }));
export type LockList = Type.Static<typeof LockList>;

const lock_expiration = Type.Integer({ description: 'Seconds from now until it ends by itself, above 0.' });

export const AcquireLockRequest = named(
  'AcquireLockRequest',
  Type.Object({
    lock_expiration,
    scopes: optional(
      Type.Array(Type.String(), {
        description:
          'The collections that it closes: `data`, `operations`, `configurations`, `faults`, `bulk-data`, `modes`, `scripts`, `logs`, `cyclic-subscriptions`. None: all of them.',
      }),
    ),
    break_lock: optional(
      Type.Boolean({ description: 'Takes the lock over from who holds it, where it is breakable.' }),
    ),
  }),
);
export type AcquireLockRequest = Type.Static<typeof AcquireLockRequest>;

export const ExtendLockRequest = named('ExtendLockRequest', Type.Object({ lock_expiration }));
export type ExtendLockRequest = Type.Static<typeof ExtendLockRequest>;
