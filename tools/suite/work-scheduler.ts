export interface Work {
  /** Cores that the work occupies; clamped to the number available. */
  readonly cores: number;
  /** Resource that only one piece of work may hold at a time. */
  readonly turn?: string;
}

/**
 * Runs all work, as much concurrently as `cores` allow. It starts in the order of the list, and waits if the next piece
 * does not fit: otherwise small pieces would fill every free core, and large ones would run last. Only work whose turn
 * is taken is overtaken. Work that needs all cores runs alone.
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
    const index = waiting.findIndex(({ turn }) => turn === undefined || !turns.has(turn));
    const next = waiting[index];
    const taken = Math.min(next?.cores ?? 0, cores);
    if (next === undefined || taken > free) {
      await Promise.race(running);
      continue;
    }
    waiting.splice(index, 1);
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
