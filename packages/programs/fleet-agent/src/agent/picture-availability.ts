import type { Clock, Timer } from '@medkit/edges';
import type { PictureSource } from '../picture/robot-picture.ts';
import { isComplete } from '../state/state-message.ts';

export interface PictureAvailabilityOptions {
  readonly picture: PictureSource;
  readonly clock: Clock;
  readonly graceMs: number;
  /** Called when complete states become available or unavailable; the first call reports that they are available. */
  onAvailability(isAvailable: boolean): void;
}

/**
 * Reports whether complete states of a robot are available: immediately if they are, after a grace period if they are not.
 * Returns a function that stops the reports.
 */
export function followAvailability({
  picture,
  clock,
  graceMs,
  onAvailability,
}: PictureAvailabilityOptions): () => void {
  let grace: Timer | undefined;
  let isAvailable = false;
  const become = (next: boolean): void => {
    grace?.cancel();
    grace = undefined;
    if (next === isAvailable) return;
    isAvailable = next;
    onAvailability(next);
  };
  const look = (): void => {
    if (isComplete(picture.picture)) become(true);
    else if (isAvailable) grace ??= clock.after(graceMs, () => become(false));
  };
  look();
  const unfollow = picture.onChange(look);
  return () => {
    unfollow();
    grace?.cancel();
  };
}
