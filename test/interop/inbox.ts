/** Maximum number of pending items; a test that leaves more is wrong. */
const MAX_WAITING = 100_000;

/** A queue of received items, for tests that wait for a specific one. */
export interface Inbox<T> {
  push(item: T): void;
  /** Ends the queue: pending calls fail with `reason`. */
  end(reason: string): void;
  /** Discards items that were not taken. */
  clear(): void;
  /**
   * Takes the first item, past or future, for which `wanted` holds; others stay. Rejects after `withinMs` with `what`
   * and the items received instead.
   */
  take<S extends T>(what: string, wanted: (item: T) => item is S, withinMs?: number): Promise<S>;
  take(what: string, wanted: (item: T) => boolean, withinMs?: number): Promise<T>;
}

export function openInbox<T>(show: (item: T) => string): Inbox<T> {
  const items: T[] = [];
  const watchers = new Set<() => void>();
  let ended: string | undefined;
  const notify = () => {
    for (const watcher of [...watchers]) watcher();
  };

  return {
    push(item) {
      if (items.length >= MAX_WAITING) throw new Error(`more than ${MAX_WAITING} items wait`);
      items.push(item);
      notify();
    },
    end(reason) {
      ended ??= reason;
      notify();
    },
    clear: () => void items.splice(0),
    take: (what: string, wanted: (item: T) => boolean, withinMs = 10_000) =>
      new Promise<never>((resolve, reject) => {
        const fail = (reason: string) => {
          stop();
          const last = items.slice(-8).map((item) => `\n  ${show(item).slice(0, 400)}`);
          reject(new Error(`${reason} without ${what}; the last of ${items.length} other items:${last.join('')}`));
        };
        const look = () => {
          const index = items.findIndex(wanted);
          if (index >= 0) {
            stop();
            resolve(items.splice(index, 1)[0] as never);
          } else if (ended !== undefined) fail(ended);
        };
        const timer = setTimeout(() => fail(`${withinMs} ms passed`), withinMs);
        const stop = () => {
          clearTimeout(timer);
          watchers.delete(look);
        };
        watchers.add(look);
        look();
      }),
  };
}
