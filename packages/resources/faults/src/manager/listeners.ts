/** Those who want to hear of something. One that throws harms no other. */
export interface Listeners<T> {
  /** Gives a way to stop listening. */
  add(listener: (news: T) => void): () => void;
  tell(news: T): void;
}

export function listeners<T>(onError: (error: unknown) => void): Listeners<T> {
  const listening = new Set<(news: T) => void>();
  return {
    add: (listener) => {
      // A wrapper of its own, so that one function may listen twice and stop once.
      const own = (news: T): void => listener(news);
      listening.add(own);
      return () => void listening.delete(own);
    },
    tell: (news) => {
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
