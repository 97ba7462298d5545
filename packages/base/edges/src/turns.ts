/** Lets work that must not meet itself be done one after the other, whoever asks for it. */
export function turns(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const turn = last.then(work);
    // Who is next does not care how this one ended; who asked for it does.
    last = turn.catch(() => undefined);
    return turn;
  };
}
