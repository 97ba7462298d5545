import type { Clock } from '@medkit/edges';

/** Robots that read their backlog together: more would only divide the throughput of the record. */
const MAX_CATCHING_UP = 64;
/** A robot that needs longer has a slow link: it hardly uses the record, and must not delay other robots. */
const TURN_MS = 2000;

/** Turns of robots that read a backlog. */
export interface CatchUpTurns {
  /**
   * Runs `work` when the robot has its turn: urgent robots first, others in the order of arrival. The turn ends with the
   * work, or after 2 s. Without running the work, resolves with `undefined` if the signal is aborted before.
   */
  take<T>(isUrgent: boolean, signal: AbortSignal, work: () => Promise<T>): Promise<T | undefined>;
  figures(): { readonly running: number; readonly waiting: number };
}

/** Opens the turns. A robot takes one for each page of its log, so that a long backlog does not delay other robots. */
export function catchUpTurns(clock: Clock, most = MAX_CATCHING_UP): CatchUpTurns {
  const waiting: { readonly isUrgent: boolean; readonly start: () => void }[] = [];
  let running = 0;

  const enter = (isUrgent: boolean, signal: AbortSignal): Promise<boolean> => {
    if (signal.aborted) return Promise.resolve(false);
    if (running < most) {
      running += 1;
      return Promise.resolve(true);
    }
    return new Promise((resolve) => {
      const entry = {
        isUrgent,
        start: (): void => {
          signal.removeEventListener('abort', leave);
          resolve(true);
        },
      };
      const leave = (): void => {
        waiting.splice(waiting.indexOf(entry), 1);
        resolve(false);
      };
      waiting.push(entry);
      signal.addEventListener('abort', leave, { once: true });
    });
  };
  const release = (): void => {
    const urgent = waiting.findIndex(({ isUrgent }) => isUrgent);
    const [next] = waiting.splice(Math.max(0, urgent), 1);
    if (next) next.start();
    else running -= 1;
  };
  return {
    take: async (isUrgent, signal, work) => {
      if (!(await enter(isUrgent, signal))) return undefined;
      let hasTurn = true;
      const leave = (): void => {
        if (hasTurn) release();
        hasTurn = false;
      };
      const timer = clock.after(TURN_MS, leave);
      try {
        return await work();
      } finally {
        timer.cancel();
        leave();
      }
    },
    figures: () => ({ running, waiting: waiting.length }),
  };
}
