import type { Store } from '@medkit/store';

/** Hears the numbers of records that are in the log from now on, those of one write together. */
export type OnAppended = (seqs: readonly number[]) => void;

/** Whoever wants to hear of new records of an audit log. */
export interface AppendedRecords {
  /** Calls `listener` with the numbers of records once they are in the log. Gives a way to stop. */
  onAppended(listener: OnAppended): () => void;
  /** The store of the log, whose writes are heard of. */
  heard(store: Store): Store;
}

/** Tells of the records of an audit log, whoever writes them. */
export function appendedRecords(): AppendedRecords {
  const listeners = new Set<{ readonly listener: OnAppended }>();
  return {
    onAppended: (listener) => {
      const own = { listener };
      listeners.add(own);
      return () => void listeners.delete(own);
    },
    heard: (store) => ({
      ...store,
      write: async (...write) => {
        const result = await store.write(...write);
        if (result.auditSeqs.length > 0) for (const { listener } of listeners) listener(result.auditSeqs);
        return result;
      },
    }),
  };
}
