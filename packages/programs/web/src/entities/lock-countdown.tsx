import type { EntityRef } from '@medkit/client';
import type { Lock } from '@medkit/contract';
import { Lock as LockIcon } from 'lucide-react';
import { lockRemainingMs } from '../access/blocking-lock.ts';
import { texts } from '../texts/texts.ts';
import { useTick } from '../time/time.tsx';
import { formatDuration } from '../time/times.ts';

/** Remaining time of a lock, counting down. */
export function LockCountdown({ lock }: { readonly lock: Pick<Lock, 'lock_expiration'> }) {
  useTick(1000);
  return <span className="number">{texts.entities.left(formatDuration(Math.max(0, lockRemainingMs(lock))))}</span>;
}

/** A lock that applies to an entity: holder, the entity it is set on, scopes and remaining time. */
export function LockChip({ lock, entity }: { readonly lock: Lock; readonly entity: EntityRef }) {
  const { owned, holder, scopes } = lock;
  const isOfOther = lock.entity && (lock.entity.id !== entity.id || lock.entity.type !== entity.kind);
  return (
    <span className="chip entity-lock">
      <LockIcon size={14} aria-hidden="true" />
      <span>
        {owned ? texts.entities.lockedByYou : texts.entities.heldBy(holder ?? '?')}
        {isOfOther && ` ${texts.entities.via(lock.entity?.id ?? '')}`}
        {scopes && scopes.length > 0 && ` (${scopes.join(', ')})`} · <LockCountdown lock={lock} />
      </span>
    </span>
  );
}
