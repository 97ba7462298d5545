import type { EntityRef } from '@medkit/client';
import type { Lock, Permission } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsLost } from '../live/live-stream.ts';
import { texts } from '../texts/texts.ts';
import { clockTime, timeMs } from '../time/times.ts';
import { closingLock } from './closing-lock.ts';

/** The locks that count for an entity, its own first; none where they are not known. */
export function useLocks(entity: EntityRef): readonly Lock[] {
  return useRoute('listLocks', { entity, query: { effective: true } }).data?.items ?? [];
}

/** Who holds a lock and until when, in a sentence. */
export function lockInWords({ holder, lock_expiration }: Pick<Lock, 'holder' | 'lock_expiration'>): string {
  const untilMs = timeMs(lock_expiration);
  return texts.entities.lockedBy(holder ?? '?', untilMs === undefined ? '?' : clockTime(untilMs));
}

/** Why nothing can be asked for just now, whoever holds a lock; `undefined` where something can. */
export function useRefusal(permission: Permission): string | undefined {
  const [isLost, may] = [useIsLost(), usePermission(permission)];
  if (isLost) return texts.entities.lost;
  return may ? undefined : texts.entities.notAllowed;
}

/** Why something of an entity cannot be changed just now, in words; `undefined` where it can. */
export function useDisabledReason(entity: EntityRef, collection: string, permission: Permission): string | undefined {
  const [refusal, locks] = [useRefusal(permission), useLocks(entity)];
  const lock = closingLock(locks, collection);
  return refusal ?? (lock && lockInWords(lock));
}
