/** A list of listeners. One that throws does not affect the others. */
export interface Listeners<T> {
  /** Returns a function that removes the listener. */
  add(listener: (news: T) => void): () => void;
  notify(news: T): void;
}

export function listeners<T>(onError: (error: unknown) => void): Listeners<T> {
  const listening = new Set<(news: T) => void>();
  return {
    add: (listener) => {
      // A separate wrapper, so that the same function can be added twice and removed once.
      const entry = (news: T): void => listener(news);
      listening.add(entry);
      return () => void listening.delete(entry);
    },
    notify: (news) => {
      for (const listener of [...listening]) {
        try {
          listener(news);
        } catch (error) {
          onError(error);
        }
      }
    },
  };
}
