import type { Clock, Timer } from '@medkit/edges';

export interface CommsLostOptions {
  /** How long a PLC must be away continuously before a fault is reported; 0 to 3,600,000 ms. */
  readonly debounceMs: number;
  readonly clock: Clock;
  /** Called once when the PLC has been away for that time. */
  readonly onLost: () => void;
  /** Called when the PLC is back, if `onLost` was called before. */
  readonly onBack: () => void;
}

/** Detects that a PLC has been away long enough for a fault. */
export interface CommsLost {
  readonly isLost: boolean;
  /** The PLC is away; repeated calls have no effect. */
  down(): void;
  /** The PLC is connected. */
  up(): void;
  /** Stops all callbacks. */
  stop(): void;
}

/** Reports a PLC that stays away, but not a short interruption. */
export function commsLost({ debounceMs, clock, onLost, onBack }: CommsLostOptions): CommsLost {
  let waiting: Timer | undefined;
  let isLost = false;
  let isStopped = false;

  const lose = (): void => {
    waiting = undefined;
    isLost = true;
    onLost();
  };
  const endWait = (): void => {
    waiting?.cancel();
    waiting = undefined;
  };

  return {
    get isLost() {
      return isLost;
    },
    down() {
      if (isLost || isStopped || waiting !== undefined) return;
      if (debounceMs <= 0) lose();
      else waiting = clock.after(debounceMs, lose);
    },
    up() {
      endWait();
      if (!isLost || isStopped) return;
      isLost = false;
      onBack();
    },
    stop() {
      isStopped = true;
      endWait();
    },
  };
}
