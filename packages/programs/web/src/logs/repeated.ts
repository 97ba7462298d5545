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
  const aborter = new AbortController();
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isUnderWay = false;
  const run = async (): Promise<void> => {
    if (isUnderWay || aborter.signal.aborted || !isWanted()) return;
    clearTimeout(timer);
    isUnderWay = true;
    await ask(aborter.signal);
    isUnderWay = false;
    if (everyMs !== undefined && !aborter.signal.aborted) timer = setTimeout(() => void run(), everyMs);
  };
  void run();
  return {
    now: () => void run(),
    end: () => {
      aborter.abort();
      clearTimeout(timer);
    },
  };
}
