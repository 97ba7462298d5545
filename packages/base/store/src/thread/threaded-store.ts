import type { Write } from '../engine/writer.ts';
import { isPositional, sizeOf } from '../sql/values.ts';
import type { Statement, Store } from '../store.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';

/** Size of a record without its texts, in bytes. */
const RECORD_BYTES = 64;

/** Returns a store whose work is done by the threads of `engine`. */
export function threadedStore(path: string, engine: EngineSupervisor): Store {
  return {
    async write(statements, records = {}, durability = 'disk') {
      const write = { statements, records, durability };
      return engine.current().writer.call('write', [write], { bytes: writeSize(write) });
    },
    async read(sql, parameters) {
      const statement = { sql, parameters };
      return engine
        .current()
        .reader()
        .call('read', [statement], { bytes: statementSize(statement) });
    },
    eventsAfter: async (id, limit) => engine.current().reader().call('eventsAfter', [id, limit]),
    verifyAudit: async () => engine.current().reader({ isLong: true }).call('verifyAudit', []),
    sync: async () => engine.current().writer.call('sync', []),
    checkpoint: async () => engine.current().writer.call('checkpoint', []),
    usage: async () => engine.current().writer.call('usage', []),
    regainReserve: async () => engine.current().writer.call('regainReserve', []),
    facts() {
      const { running, ends, lastReason, setAside, lostCommits, rewrites } = engine.state();
      const { writer, startedReader: reader } = running ? engine.current() : {};
      return {
        path,
        running,
        ends,
        lastReason,
        writesUnderWay: writer?.underWay ?? 0,
        readsUnderWay: reader?.underWay ?? 0,
        setAside,
        lostCommits,
        rewrites,
      };
    },
    close: () => engine.close(),
  };
}

/** Approximate size in bytes of a statement sent to the writer. */
function statementSize({ sql, parameters = [] }: Statement): number {
  const values = isPositional(parameters) ? parameters : Object.values(parameters);
  return values.reduce((sum: number, value) => sum + sizeOf(value), sql.length);
}

/** Approximate size in bytes of a write sent to the writer. */
function writeSize({ statements, records: { events = [], audit = [] } }: Write): number {
  let bytes = RECORD_BYTES;
  for (const statement of statements) bytes += statementSize(statement);
  for (const { payload } of events) bytes += RECORD_BYTES + payload.length;
  for (const { sourceId, description } of audit) bytes += RECORD_BYTES + sourceId.length + description.length;
  return bytes;
}
