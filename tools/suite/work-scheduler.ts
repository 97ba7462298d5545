export interface Work {
  /** Cores that the work occupies; clamped to the number available. */
  readonly cores: number;
  /** Resource that only one piece of work may hold at a time. */
  readonly turn?: string;
}

/**
 * Runs all work, as much concurrently as `cores` allow. It starts in the order of the list; if the next piece does not
 * fit, a later one that fits starts first. Work that needs all cores runs alone.
 */
export async function scheduleWork<T extends Work>(
  work: readonly T[],
  cores: number,
  begin: (work: T) => Promise<void>,
): Promise<void> {
  const waiting = [...work];
  const running = new Set<Promise<void>>();
  const turns = new Set<string>();
  let free = cores;
  while (waiting.length + running.size > 0) {
    const index = waiting.findIndex(
      ({ cores: taken, turn }) => Math.min(taken, cores) <= free && (turn === undefined || !turns.has(turn)),
    );
    const [next] = index < 0 ? [] : waiting.splice(index, 1);
    if (next === undefined) {
      await Promise.race(running);
      continue;
    }
    const taken = Math.min(next.cores, cores);
    free -= taken;
    if (next.turn !== undefined) turns.add(next.turn);
    const done = begin(next).finally(() => {
      free += taken;
      if (next.turn !== undefined) turns.delete(next.turn);
      running.delete(done);
    });
    running.add(done);
  }
}
