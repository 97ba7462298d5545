import type { Clock, Timer } from '@medkit/edges';

interface Dependencies {
  readonly clock: Clock;
  /** Rest after each time. */
  readonly pauseMs: number;
  readonly work: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Work that is done when it is asked for, but with a pause before it is done again. */
export interface Paced {
  /** Has it done: at once, or once after the pause, however often it is asked for until then. */
  ask(): void;
  stop(): void;
}

export function paced({ clock, pauseMs, work, onFailure }: Dependencies): Paced {
  let resting: Timer | undefined;
  let busy = false;
  let again = false;
  let stopped = false;

  const run = async (): Promise<void> => {
    busy = true;
    again = false;
    await work().catch(onFailure);
    if (!stopped) resting = clock.after(pauseMs, wake);
  };
  const wake = (): void => {
    busy = false;
    if (again) void run();
  };

  return {
    ask() {
      if (stopped) return;
      if (busy) again = true;
      else void run();
    },
    stop() {
      stopped = true;
      resting?.cancel();
    },
  };
}
