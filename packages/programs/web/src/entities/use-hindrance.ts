import type { Lock, Permission } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { useMay } from '../gateway/me.ts';
import { useIsLost } from '../live/live.ts';
import { texts } from '../texts/texts.ts';
import { clockTime, timeMs } from '../time/times.ts';
import { closingLock } from './closing-lock.ts';
import type { EntityName } from './places.ts';

/** The locks that count for an entity, its own first; none where they are not known. */
export function useLocks(entity: EntityName): readonly Lock[] {
  return useRoute('listLocks', { entity, query: { effective: true } }).data?.items ?? [];
}

/** Who holds a lock and until when, in a sentence. */
export function lockInWords({ holder, lock_expiration }: Pick<Lock, 'holder' | 'lock_expiration'>): string {
  const untilMs = timeMs(lock_expiration);
  return texts.entities.lockedBy(holder ?? '?', untilMs === undefined ? '?' : clockTime(untilMs));
}

/** Why something of an entity cannot be changed just now, in words; `undefined` where it can. */
export function useHindrance(entity: EntityName, collection: string, permission: Permission): string | undefined {
  const [isLost, may, locks] = [useIsLost(), useMay(permission), useLocks(entity)];
  const lock = closingLock(locks, collection);
  if (isLost) return texts.entities.lost;
  if (!may) return texts.entities.notAllowed;
  return lock && lockInWords(lock);
}
