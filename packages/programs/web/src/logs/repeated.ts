/** Something that is asked again and again, once at a time. */
export interface Repeated {
  /** Asks at once, unless that is being done already. */
  readonly now: () => void;
  readonly end: () => void;
}

interface RepeatOptions {
  /** From an answer to the next question; `undefined` asks once. */
  readonly everyMs: number | undefined;
  /** While it is false nothing is asked; `now` goes on. */
  readonly isWanted: () => boolean;
}

/** Asks at once, and again a while after each answer. `ask` never throws, and is never begun while another one is under way. */
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
