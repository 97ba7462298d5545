import type { Clock } from '@medkit/edges';
import type { Velocity } from './drive.ts';

/** Time without a command after which the base stops: the controller may have died. */
export const COMMAND_TIMEOUT_MS = 500;

/** A base that moves only while it receives commands. */
export interface CommandedBase {
  /** Applies a velocity. Ignores invalid numbers. */
  command(velocity: Velocity): void;
  /** Returns the current command, or `undefined` without a command for `COMMAND_TIMEOUT_MS`. */
  velocity(): Velocity | undefined;
}

/** Creates a base without a command. */
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
