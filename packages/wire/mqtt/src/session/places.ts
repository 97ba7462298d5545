/** Places for what may be on its way at a time. Whoever finds none free waits for one, in order. */
export interface Places {
  /** Calls `begin` when there is a place. */
  take(begin: () => void): void;
  /** Gives a place to whoever waits. */
  leave(): void;
}

/** How many may wait is for the one that takes them to limit. */
export function places(count: number): Places {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    take(begin) {
      if (free === 0) {
        waiting.push(begin);
        return;
      }
      free -= 1;
      begin();
    },
    leave() {
      const next = waiting.shift();
      if (next) next();
      else free += 1;
    },
  };
}
