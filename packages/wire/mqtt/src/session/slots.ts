/** Limits the number of concurrent operations. Further ones wait in order. */
export interface Slots {
  /** Calls `begin` when a slot is free. */
  take(begin: () => void): void;
  /** Releases a slot, or passes it to the next waiting operation. */
  leave(): void;
}

/** The caller must limit the number of waiting operations. */
export function slots(count: number): Slots {
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
