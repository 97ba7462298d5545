import type { Clock, Timer } from '@medkit/edges';
import type { PictureSource } from '../picture/robot-picture.ts';
import { isWhole } from '../state/state-message.ts';

export interface AblePictureOptions {
  readonly picture: PictureSource;
  readonly clock: Clock;
  readonly graceMs: number;
  /** Called when complete states become available or unavailable; the first call reports that they are available. */
  onAble(isAble: boolean): void;
}

/**
 * Reports whether complete states of a robot are available: immediately if they are, after a grace period if they are not.
 * Returns a function that stops the reports.
 */
export function followAbility({ picture, clock, graceMs, onAble }: AblePictureOptions): () => void {
  let grace: Timer | undefined;
  let isAble = false;
  const become = (next: boolean): void => {
    grace?.cancel();
    grace = undefined;
    if (next === isAble) return;
    isAble = next;
    onAble(next);
  };
  const look = (): void => {
    if (isWhole(picture.picture)) become(true);
    else if (isAble) grace ??= clock.after(graceMs, () => become(false));
  };
  look();
  const unfollow = picture.onChange(look);
  return () => {
    unfollow();
    grace?.cancel();
  };
}
