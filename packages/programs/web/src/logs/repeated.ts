/** A periodic request that never overlaps with itself. */
export interface Repeated {
  /** Requests immediately, unless a request is running. */
  readonly now: () => void;
  readonly end: () => void;
}

interface RepeatOptions {
  /** Pause between a reply and the next request; `undefined` requests once. */
  readonly everyMs: number | undefined;
  /** While it returns false, no request is sent; `now` resumes. */
  readonly isWanted: () => boolean;
}

/** Requests immediately, then again after a pause following each reply. `ask` must not throw; calls do not overlap. */
export function repeat(ask: (signal: AbortSignal) => Promise<void>, { everyMs, isWanted }: RepeatOptions): Repeated {
  const own = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUnderWay = false;
  const run = async (): Promise<void> => {
    if (isUnderWay || own.signal.aborted || !isWanted()) return;
    clearTimeout(timer);
    isUnderWay = true;
    await ask(own.signal);
    isUnderWay = false;
    if (everyMs !== undefined && !own.signal.aborted) timer = setTimeout(() => void run(), everyMs);
  };
  void run();
  return {
    now: () => void run(),
    end: () => {
      own.abort();
      clearTimeout(timer);
    },
  };
}
