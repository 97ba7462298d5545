/** Runs tasks one at a time, in the order they were submitted. */
export function taskQueue(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // A failed task does not affect the next one; its caller receives the error.
    last = turn.catch(() => undefined);
    return turn;
  };
}
