import type { Clock } from '@medkit/edges';
import { StatementFailed } from '../errors.ts';
import type { Store } from '../store.ts';
import { superviseEngine } from '../thread/engine-supervisor.ts';
import { connect, databaseName, databaseUrl, type PostgresAddress } from './connect.ts';
import { finishPostgres, startPostgres } from './engine.ts';
import type { SchemaLock } from './schema-lock.ts';
import type { PostgresOptions } from './writer.ts';
import { writerMark } from './writer-mark.ts';

export type { PostgresAddress } from './connect.ts';
export type { LockHolder, SchemaLock } from './schema-lock.ts';
export { type ServerFacts, serverFacts } from './server-facts.ts';
export { type LockWatch, type ObservedHolder, watchLocks } from './watch-locks.ts';
export type { PostgresOptions } from './writer.ts';

export type PostgresStoreOptions = PostgresAddress &
  PostgresOptions & {
    readonly clock: Clock;
    /** Called when the connection is lost, and before each further attempt. */
    readonly warn: (message: string) => void;
    /** Called after lost connections were opened again: the database may be an older copy. */
    readonly onReopened?: () => void;
    /**
     * Called with the reason if, after lost connections, another process has the lock, or the database does not have the
     * last acknowledged write. The store stays unavailable then: what the caller remembers is newer than the database. Each write costs one
     * more statement. Only for a store with a lock.
     */
    readonly onOutdated?: ((reason: string) => void) | undefined;
    /** Schema of the tables, created if it is absent (default `medkit`). */
    readonly schema?: string;
    /**
     * Lets only one process with a lock have the schema. If another one has it, opening waits shortly and throws
     * `StoreLocked`. After the connection was lost, the store writes nothing until it has the lock again.
     */
    readonly lock?: SchemaLock | undefined;
  };

/**
 * Returns whether a database has the schema, which `postgresStore` creates. Throws a `StoreError` with the remedy if the
 * server cannot be used.
 */
export async function hasSchema(address: PostgresAddress, schema: string): Promise<boolean> {
  const { client } = await connect(databaseUrl(address), schema, 'reader');
  try {
    const { rows } = await client.query('SELECT to_regnamespace($1) IS NOT NULL AS exists', [schema]);
    return rows[0].exists;
  } finally {
    await client.end();
  }
}

/**
 * Opens a database of PostgreSQL 15 or newer and migrates its tables. It has the results of a store on SQLite, except
 * that text has U+FFFD instead of a NUL character, that the server limits the size, and that numbers of identity columns
 * may have gaps. One connection writes, another reads; both are opened again if they are lost.
 *
 * Throws the errors of a `Store` with the remedy, and `StoreTooNew` if a newer medkit changed the tables.
 */
export async function postgresStore({
  clock,
  warn,
  onReopened,
  onOutdated,
  schema = 'medkit',
  lock,
  migrations,
  maxEvents,
  audit,
  ...address
}: PostgresStoreOptions): Promise<Store> {
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(schema)) {
    throw new StatementFailed(`"${schema}" is no name of a schema: use lower-case letters, digits and underscores`);
  }
  const url = databaseUrl(address);
  const path = databaseName(url);
  const options = { migrations, maxEvents, audit };
  const mark = onOutdated && writerMark(onOutdated);
  const start = () => startPostgres({ url, schema, lock, options, mark, clock, warn });
  const engine = await superviseEngine({ path, start, finish: finishPostgres, clock, warn, onRestarted: onReopened });
  return {
    write: async (statements, records = {}, durability = 'disk') =>
      engine.current().writer.write({ statements, records, durability }),
    read: async (sql, parameters) => engine.current().reader.read({ sql, parameters }),
    eventsAfter: async (id, limit) => engine.current().reader.eventsAfter(id, limit),
    verifyAudit: async () => engine.current().reader.verifyAudit(),
    sync: async () => engine.current().writer.sync(),
    async checkpoint() {
      engine.current();
      return true;
    },
    async usage() {
      const { reader, writer } = engine.current();
      const databaseBytes = await reader.databaseBytes();
      return { databaseBytes, freeBytes: 0, logBytes: 0, failedAuditPrunes: writer.failedAuditPrunes };
    },
    async regainReserve() {
      engine.current();
      return true;
    },
    facts: () =>
      engine.facts(({ writer, reader }) => ({ writesUnderWay: writer.underWay, readsUnderWay: reader.underWay })),
    close: () => engine.close(),
  };
}
