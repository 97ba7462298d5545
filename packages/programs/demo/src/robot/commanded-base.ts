import type { Clock } from '@medkit/edges';
import type { Velocity } from './drive.ts';

/** After so long without a word the base stands: who told it to move may be dead. */
export const COMMAND_TIMEOUT_MS = 500;

/** A base that moves only as it is told, and only as long as it is told so. */
export interface CommandedBase {
  /** Takes a velocity; what is no number is no word. */
  command(velocity: Velocity): void;
  /** What counts at this moment: `undefined` where nothing was said for `COMMAND_TIMEOUT_MS`. */
  velocity(): Velocity | undefined;
}

/** A base that was told nothing yet. */
export function commandedBase(clock: Pick<Clock, 'monotonicMs'>): CommandedBase {
  let last: Velocity | undefined;
  let saidMs = Number.NEGATIVE_INFINITY;
  return {
    command(velocity) {
      if (!Number.isFinite(velocity.linearMps) || !Number.isFinite(velocity.angularRps)) return;
      last = velocity;
      saidMs = clock.monotonicMs();
    },
    velocity: () => (clock.monotonicMs() - saidMs <= COMMAND_TIMEOUT_MS ? last : undefined),
  };
}
