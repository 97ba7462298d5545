import type { EntityRef } from '@medkit/client';
import type { Lock } from '@medkit/contract';
import { lockText } from '../access/use-disabled-reason.ts';
import { gateway, refetchRoutes } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { texts } from '../texts/texts.ts';

/** Duration of a lock that was taken over, seconds; it can be extended. */
const TAKEN_SEC = 300;

interface TakeOverProps {
  readonly lock: Lock;
  /** The entity whose page shows the lock. The lock itself may be set on an ancestor. */
  readonly entity: EntityRef;
  readonly onTaken?: () => Promise<void>;
  readonly onClose: () => void;
}

/** Breaks the lock of another client and acquires it, after the user typed the name of the locked entity. */
export function TakeOver({ lock, entity, onTaken, onClose }: TakeOverProps) {
  const { type: kind, id } = lock.entity ?? { type: entity.kind, id: entity.id };
  const take = async () => {
    await gateway().call('acquireLock', {
      entity: { kind, id },
      body: {
        lock_expiration: TAKEN_SEC,
        break_lock: true,
        ...(lock.scopes && lock.scopes.length > 0 && { scopes: [...lock.scopes] }),
      },
    });
    refetchRoutes(['listLocks', 'listAllLocks']);
    await onTaken?.();
  };
  return (
    <Confirm
      title={texts.entities.takeOverOf(id)}
      action={texts.entities.takeOverNow}
      typed={id}
      onConfirm={take}
      onClose={onClose}
    >
      <p>{lockText(lock)}</p>
      <p>{texts.entities.takeOverEffect(lock.holder ?? '?')}</p>
    </Confirm>
  );
}
