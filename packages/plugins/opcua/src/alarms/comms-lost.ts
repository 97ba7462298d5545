import type { Clock, Timer } from '@medkit/edges';

export interface CommsLostOptions {
  /** How long a PLC has to be away without a break before that is a fault; 0 to 3,600,000 ms. */
  readonly debounceMs: number;
  readonly clock: Clock;
  /** It has been away for so long. Told once. */
  readonly onLost: () => void;
  /** It is there again; told only where it was told of as lost. */
  readonly onBack: () => void;
}

/** Whether a PLC has been away for so long that it is a fault. */
export interface CommsLost {
  readonly isLost: boolean;
  /** It is away; told again while it is, that changes nothing. */
  down(): void;
  /** It is there. */
  up(): void;
  /** Nothing is told of any more. */
  stop(): void;
}

/** Tells of a PLC that stays away, and not of one that was away for a moment. */
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
