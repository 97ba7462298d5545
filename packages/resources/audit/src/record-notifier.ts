import type { Store } from '@medkit/store';

/** Receives the sequence numbers of new records, those of one write together. */
export type OnAppended = (seqs: readonly number[]) => void;

/** Notifies of new records in an audit log. */
export interface RecordNotifier {
  /** Calls `listener` with the numbers of records once they are in the log. Returns a function that unsubscribes. */
  onAppended(listener: OnAppended): () => void;
  /** Wraps the store of the log to observe its writes. */
  observe(store: Store): Store;
}

/** Creates the notifier of an audit log, for all of its writers. */
export function recordNotifier(): RecordNotifier {
  const listeners = new Set<{ readonly listener: OnAppended }>();
  return {
    onAppended: (listener) => {
      const subscription = { listener };
      listeners.add(subscription);
      return () => void listeners.delete(subscription);
    },
    observe: (store) => ({
      ...store,
      write: async (...write) => {
        const result = await store.write(...write);
        if (result.auditSeqs.length > 0) for (const { listener } of listeners) listener(result.auditSeqs);
        return result;
      },
    }),
  };
}
