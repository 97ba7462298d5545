import type { Store } from '../store.ts';
import { statementSize, writeSize } from './call-size.ts';
import type { Engine } from './engine.ts';
import type { EngineSupervisor } from './engine-supervisor.ts';

/** Returns a store whose work is done by the threads of `engine`. */
export function threadedStore(engine: EngineSupervisor<Engine>): Store {
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
    facts: () =>
      engine.facts(({ writer, startedReader }) => ({
        writesUnderWay: writer.underWay,
        readsUnderWay: startedReader?.underWay ?? 0,
      })),
    close: () => engine.close(),
  };
}
