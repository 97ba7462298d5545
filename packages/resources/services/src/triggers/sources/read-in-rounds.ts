import type { Clock } from '@medkit/edges';

/** How often what cannot be watched is read, and how many at a time. */
const READ_MS = 1000;
const READS_AT_ONCE = 16;

/** Something that has to be read to know its value. */
export interface Readable {
  /** Rejects where it cannot be read. */
  read(): Promise<void>;
}

/** Reads again and again what `readable` gives then; no round overtakes the one before. Gives a way to stop. */
export function readInRounds(clock: Clock, readable: () => readonly Readable[]): () => void {
  let reading = false;
  let stopped = false;
  const round = async (all: readonly Readable[]): Promise<void> => {
    for (let start = 0; start < all.length && !stopped; start += READS_AT_ONCE) {
      await Promise.allSettled(all.slice(start, start + READS_AT_ONCE).map((one) => one.read()));
    }
    reading = false;
  };
  const timer = clock.every(READ_MS, () => {
    const all = reading ? [] : readable();
    if (all.length === 0) return;
    reading = true;
    void round(all);
  });
  return () => {
    stopped = true;
    timer.cancel();
  };
}
