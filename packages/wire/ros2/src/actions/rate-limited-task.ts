import type { Clock, Timer } from '@medkit/edges';

interface Dependencies {
  readonly clock: Clock;
  /** Pause after each run. */
  readonly pauseMs: number;
  readonly work: () => Promise<void>;
  readonly onFailure: (error: unknown) => void;
}

/** Work that runs on request, with a pause before each repetition. */
export interface RateLimitedTask {
  /** Runs the work now, or once after the pause, however often it is requested until then. */
  ask(): void;
  stop(): void;
}

export function rateLimitedTask({ clock, pauseMs, work, onFailure }: Dependencies): RateLimitedTask {
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
