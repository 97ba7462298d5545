import type { EntityRef } from '@medkit/client';
import type { Lock, Permission } from '@medkit/contract';
import { useRoute } from '../gateway/gateway.ts';
import { usePermission } from '../gateway/principal.ts';
import { useIsRobotAway } from '../gateway/robot-presence.ts';
import { useIsLost } from '../live/live-stream.ts';
import { HUB_ROBOT } from '../routes/base-path.ts';
import { texts } from '../texts/texts.ts';
import { clockTime, timeMs } from '../time/times.ts';
import { blockingLock } from './blocking-lock.ts';

/** Returns the locks that apply to an entity, its own first; empty while unknown. */
export function useLocks(entity: EntityRef): readonly Lock[] {
  return useRoute('listLocks', { entity, query: { effective: true } }).data?.items ?? [];
}

/** Returns a sentence with the holder and expiry of a lock. */
export function lockText({ holder, lock_expiration }: Pick<Lock, 'holder' | 'lock_expiration'>): string {
  const untilMs = timeMs(lock_expiration);
  return texts.entities.lockedBy(holder ?? '?', untilMs === undefined ? '?' : clockTime(untilMs));
}

/**
 * Returns why the user cannot send a change, regardless of locks: the connection is lost, the robot is not connected to
 * its hub, or the permission is missing. Returns `undefined` if nothing prevents it.
 */
export function useRefusal(permission: Permission): string | undefined {
  const [isLost, isAway, may] = [useIsLost(), useIsRobotAway(), usePermission(permission)];
  if (isAway) return texts.entities.away(HUB_ROBOT ?? '');
  if (isLost) return texts.entities.lost;
  return may ? undefined : texts.entities.notAllowed;
}

/**
 * Returns why the user cannot change a collection of an entity, including locks. Returns `undefined` if nothing
 * prevents it.
 */
export function useDisabledReason(entity: EntityRef, collection: string, permission: Permission): string | undefined {
  const [refusal, locks] = [useRefusal(permission), useLocks(entity)];
  const lock = blockingLock(locks, collection);
  return refusal ?? (lock && lockText(lock));
}
