export interface Work {
  /** What it takes while it is done; all that there are where that is more. */
  readonly cores: number;
  /** What only one piece of work may have at a time. */
  readonly turn?: string;
}

/**
 * Does all the work, as much at once as `cores` allow. It is begun in the order of the list; where the next one has no room, a
 * later one that has goes before it. What takes all cores is alone.
 */
export async function inTurn<T extends Work>(
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
