/** What is read again and again to know its value, in rounds: none overtakes the one before. */
export interface ReadRounds<T> {
  /** Begins a round, unless one is under way. */
  begin(items: readonly T[]): void;
  /** Reads no further, and resolves when what is under way has ended. */
  close(): Promise<void>;
}

/** Rounds in which `atOnce` items are read at a time. One that cannot be read harms no other. */
export function readRounds<T>(atOnce: number, read: (item: T) => Promise<void>): ReadRounds<T> {
  let underWay: Promise<void> | undefined;
  let closed = false;
  const round = async (items: readonly T[]): Promise<void> => {
    for (let start = 0; start < items.length && !closed; start += atOnce) {
      await Promise.allSettled(items.slice(start, start + atOnce).map(read));
    }
    underWay = undefined;
  };
  return {
    begin: (items) => {
      if (items.length > 0 && !closed) underWay ??= round(items);
    },
    close: async () => {
      closed = true;
      await underWay;
    },
  };
}
