/** Returns a function that runs tasks with the same key one at a time. */
export function keyedTasks(): <T>(key: string, work: () => Promise<T>) => Promise<T> {
  const busy = new Map<string, Promise<unknown>>();
  return async (key, work) => {
    while (busy.has(key)) await busy.get(key)?.catch(() => undefined);
    const running = work();
    busy.set(key, running);
    try {
      return await running;
    } finally {
      busy.delete(key);
    }
  };
}
