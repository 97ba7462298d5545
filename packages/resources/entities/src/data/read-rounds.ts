/** Polls items in rounds that never overlap. */
export interface ReadRounds<T> {
  /** Begins a round, unless a round is running. */
  begin(items: readonly T[]): void;
  /** Stops reading. Resolves when running reads have ended. */
  close(): Promise<void>;
}

/** Creates rounds that read `atOnce` items concurrently. A failed read does not affect the other items. */
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
