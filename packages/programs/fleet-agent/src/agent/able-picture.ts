import type { Clock, Timer } from '@medkit/edges';
import type { PictureSource } from '../picture/robot-picture.ts';
import { isWhole } from '../state/whole-state.ts';

export interface AblePictureOptions {
  readonly picture: PictureSource;
  readonly clock: Clock;
  readonly graceMs: number;
  /** Whether whole states can be told of it; first told when they can. */
  onAble(isAble: boolean): void;
}

/** Follows whether a robot can be told of: at once when it can, and when it cannot only after a grace. Gives the end of that. */
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
