import type { Clock } from '@medkit/edges';
import { AUDIT_LOG } from '../audit/audit-tables.ts';
import { StoreLocked } from '../errors.ts';
import type { EngineEnd } from '../thread/engine.ts';
import type { SupervisedEngine } from '../thread/engine-supervisor.ts';
import { AUDIT_TRIGGERS } from './audit-triggers.ts';
import { connect, databaseName } from './connect.ts';
import { EVENT_LOG } from './event-log.ts';
import { FUNCTIONS } from './functions.ts';
import { HOLDER_ADDRESS, publishAddress } from './holder-address.ts';
import { migrate, type PostgresMigrations, postgresMigrations } from './migrate.ts';
import { postgresError } from './postgres-error.ts';
import { type PostgresReader, postgresReader } from './reader.ts';
import { lockSchema, type SchemaLock } from './schema-lock.ts';
import { type PostgresOptions, type PostgresWriter, postgresWriter } from './writer.ts';
import { WRITER_MARK, type WriterMark } from './writer-mark.ts';

/** The two connections of a store: one writes, the other reads. Both end together. */
export interface PostgresEngine extends SupervisedEngine {
  readonly writer: PostgresWriter;
  readonly reader: PostgresReader;
}

interface PostgresStart {
  readonly url: string;
  readonly schema: string;
  readonly lock: SchemaLock | undefined;
  readonly options: PostgresOptions;
  readonly mark?: WriterMark | undefined;
  readonly clock: Clock;
  readonly warn: (message: string) => void;
}

/** Connects to the database and migrates its tables. Throws a `StoreError` with the remedy if that fails. */
export async function startPostgres(start: PostgresStart): Promise<PostgresEngine> {
  const { url, schema, lock, options, mark, clock, warn } = start;
  const path = databaseName(url);
  const writing = await connect(url, schema, 'writer', lock?.owner);
  const over = Promise.withResolvers<EngineEnd>();
  const endsWith = ({ client }: typeof writing): void => {
    client.on('error', ({ message }) => over.resolve({ reason: message, isRewritten: false }));
    client.on('end', () => over.resolve({ reason: 'the connection was closed', isRewritten: false }));
  };
  const endClient = ({ client }: typeof writing) => client.end().catch(() => undefined);
  try {
    if (lock) await lockSchema(writing, lock, { path, schema, warn });
    await migrate(
      writing,
      {
        ...allMigrations(options),
        ...(mark && { 'store.writer': WRITER_MARK }),
        ...(lock?.address !== undefined && { 'store.holder': HOLDER_ADDRESS }),
      },
      { path, schema, nowNs: clock.wallNs() },
    );
    await mark?.check(writing, path);
    if (lock?.address !== undefined) await publishAddress(writing, lock.address);
    const reading = await connect(url, schema, 'reader');
    endsWith(writing);
    endsWith(reading);
    // A failure ends the connection, which the listeners above report.
    const prove = () => void writing.client.query('SELECT 1').catch(() => undefined);
    const heartbeat = lock?.heartbeatMs === undefined ? undefined : clock.every(lock.heartbeatMs, prove);
    void over.promise.then(() => heartbeat?.cancel());
    return {
      writer: postgresWriter({ connection: writing, path, options, clock, mark }),
      reader: postgresReader({ connection: reading, path, options }),
      found: { setAside: undefined, lostCommits: 0 },
      ended: over.promise,
      end: async () => void (await Promise.all([endClient(writing), endClient(reading)])),
    };
  } catch (error) {
    await endClient(writing);
    if (error instanceof StoreLocked) mark?.taken(error.message);
    throw postgresError(error, path);
  }
}

/** Waits for the pending calls. The connections close afterwards. */
export async function finishPostgres({ writer, reader }: PostgresEngine): Promise<void> {
  await Promise.all([writer.idle(), reader.idle()]);
}

const allMigrations = ({ audit, migrations = {} }: PostgresOptions): PostgresMigrations => ({
  'store.functions': FUNCTIONS,
  ...postgresMigrations({ 'store.events': EVENT_LOG, ...(audit && { 'store.audit': AUDIT_LOG }) }),
  ...(audit && { 'store.audit_triggers': AUDIT_TRIGGERS }),
  ...postgresMigrations(migrations),
});
