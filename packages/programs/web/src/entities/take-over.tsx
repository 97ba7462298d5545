import type { EntityRef } from '@medkit/client';
import type { Lock } from '@medkit/contract';
import { askAgain, gateway } from '../gateway/gateway.ts';
import { Confirm } from '../regions/confirm.tsx';
import { texts } from '../texts/texts.ts';
import { lockInWords } from './use-disabled-reason.ts';

/** For how long a lock is held that was taken over; it can be extended. */
const TAKEN_SEC = 300;

interface TakeOverProps {
  readonly lock: Lock;
  /** Where it was found; what is locked may be what contains this. */
  readonly entity: EntityRef;
  readonly onTaken?: () => Promise<void>;
  readonly onClose: () => void;
}

/** Ends the lock of somebody else and holds it from now on, after the name of what is locked was typed. */
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
    askAgain(['listLocks', 'listAllLocks']);
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
      <p>{lockInWords(lock)}</p>
      <p>{texts.entities.takeOverEffect(lock.holder ?? '?')}</p>
    </Confirm>
  );
}
