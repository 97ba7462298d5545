import type { Clock } from '@medkit/edges';
import { IN_MEMORY, openForWriting } from './engine/open-database.ts';
import { Reader } from './engine/reader.ts';
import { Writer } from './engine/writer.ts';
import type { EngineOptions } from './engine-options.ts';
import { StoreClosed } from './errors.ts';
import type { Store } from './store.ts';

export interface MemoryStoreOptions extends Omit<EngineOptions, 'path' | 'busyTimeoutMs'> {
  readonly clock: Clock;
}

/**
 * A store with the same tables and results, in this thread and without a file: for tests, and if nothing has to
 * persist.
 */
export function memoryStore({ clock, ...rest }: MemoryStoreOptions): Store {
  const options = { ...rest, path: IN_MEMORY };
  const { database } = openForWriting(options, clock);
  const writer = new Writer({ database, options, clock });
  const reader = new Reader({ database, options });
  let closed = false;
  const open = () => {
    if (closed) throw new StoreClosed('the store in memory is closed');
  };
  return {
    async write(statements, records = {}) {
      open();
      const [{ result, error }] = writer.commit([{ statements, records }]);
      if (error) throw error;
      return result;
    },
    async read(sql, parameters) {
      open();
      return reader.read({ sql, parameters });
    },
    async eventsAfter(id, limit) {
      open();
      return reader.eventsAfter(id, limit);
    },
    async verifyAudit() {
      open();
      return reader.verifyAudit();
    },
    async sync() {
      open();
    },
    async checkpoint() {
      open();
      return writer.checkpoint();
    },
    async usage() {
      open();
      return writer.usage();
    },
    async regainReserve() {
      open();
      return true;
    },
    facts: () => ({
      path: IN_MEMORY,
      running: !closed,
      ends: 0,
      lastReason: undefined,
      writesUnderWay: 0,
      readsUnderWay: 0,
      setAside: undefined,
      lostCommits: 0,
      rewrites: 0,
    }),
    async close() {
      if (!closed) writer.close();
      closed = true;
    },
  };
}
