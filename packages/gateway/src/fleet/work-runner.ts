import { errorMessage, type Log } from '@medkit/core';
import type { Clock, Timer } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';

/** Interval in which work is looked for. */
const LOOK_MS = 5000;
/** Time from a change to the look that follows: other changes arrive with it. */
const SOON_MS = 100;
/** A look after a change waits for this many times the duration of the last one: a storm of faults must not use up the reader. */
const REST = 20;

type Change = Parameters<Parameters<Fleet['onChange']>[0]>[0];

export interface WorkRunnerOptions<Work> {
  readonly fleet: Pick<Fleet, 'onChange'>;
  readonly clock: Clock;
  readonly log: Log;
  /** What the work continues, for the log. */
  readonly subject: string;
  /** Pieces of work that run at a time. */
  readonly maxRunning: number;
  /** Work that may take long: at most so many pieces of it run at a time, and other work does not wait for it. */
  readonly bulk?: { readonly is: (work: Work) => boolean; readonly maxRunning: number };
  /** Returns whether to look for work after a change. */
  readonly isCause: (change: Change) => boolean;
  /** Returns work that is due, without that under way. */
  readonly look: () => Promise<readonly Work[]>;
  /** Does a piece of work; `signal` is aborted when the runner closes. Must not reject. */
  readonly run: (work: Work, signal: AbortSignal) => Promise<void>;
}

/** Looks for work regularly and after changes, and runs a limited number of pieces of it. `close` ends those under way. */
export function workRunner<Work>(options: WorkRunnerOptions<Work>): { close(): Promise<void> } {
  const { clock, log, subject, maxRunning } = options;
  const queue: Work[] = [];
  const running = new Set<Promise<void>>();
  let runningBulk = 0;
  const closing = new AbortController();
  const { signal } = closing;
  let [isFailing, isAgain] = [false, false];
  let [looking, soon]: [Promise<void> | undefined, Timer | undefined] = [undefined, undefined];
  let restMs = 0;

  /** Takes the first piece of the queue that may run; `undefined` if there is none. */
  const take = (): { readonly work: Work; readonly isBulk: boolean } | undefined => {
    const { is = () => false, maxRunning: maxBulk = 0 } = options.bulk ?? {};
    const index = queue.findIndex((work) => runningBulk < maxBulk || !is(work));
    if (index < 0) return undefined;
    const [work] = queue.splice(index, 1) as [Work];
    return { work, isBulk: is(work) };
  };
  const fill = (): void => {
    while (!signal.aborted && running.size < maxRunning) {
      const next = take();
      if (!next) return;
      if (next.isBulk) runningBulk += 1;
      const work = options.run(next.work, signal).finally(() => {
        if (next.isBulk) runningBulk -= 1;
        running.delete(work);
        fill();
        lookSoon();
      });
      running.add(work);
    }
  };
  const look = (): void => {
    soon?.cancel();
    soon = undefined;
    isAgain = looking !== undefined;
    if (signal.aborted || isAgain) return;
    const beganMs = clock.monotonicMs();
    looking = options
      .look()
      .then(
        (work) => {
          queue.push(...work);
          isFailing = false;
        },
        (error: unknown) => {
          if (!isFailing) log('error', `the fleet hub cannot continue ${subject}, it retries: ${errorMessage(error)}`);
          isFailing = true;
        },
      )
      .finally(() => {
        looking = undefined;
        restMs = REST * (clock.monotonicMs() - beganMs);
        fill();
        if (isAgain) lookSoon();
      });
  };
  const lookSoon = (): void => {
    if (!signal.aborted) soon ??= clock.after(Math.max(SOON_MS, restMs), look);
  };
  const timer = clock.every(LOOK_MS, look);
  const stop = options.fleet.onChange((change) => {
    if (options.isCause(change)) lookSoon();
  });
  lookSoon();
  return {
    close: async () => {
      closing.abort();
      timer.cancel();
      soon?.cancel();
      stop();
      await looking;
      await Promise.all(running);
    },
  };
}
