import type { AuditVerdict } from '../audit/audit-record.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { EventPage } from '../engine/event-log.ts';
import { StatementFailed } from '../errors.ts';
import type { Row } from '../sql/values.ts';
import type { Statement } from '../store.ts';
import { statementSize } from '../thread/call-size.ts';
import { READER_BOUNDS } from '../thread/link-errors.ts';
import { boundedQueue } from './bounded-queue.ts';
import type { Connection } from './connect.ts';
import { eventsAfter } from './event-log.ts';
import { postgresError } from './postgres-error.ts';
import { runScript, runStatement } from './run-script.ts';
import { transaction } from './transaction.ts';
import type { PostgresOptions } from './writer.ts';

export interface PostgresReader {
  read(statement: Statement): Promise<readonly Row[]>;
  eventsAfter(id: number, limit: number): Promise<EventPage>;
  verifyAudit(): Promise<AuditVerdict>;
  /** Returns the size in bytes of all tables and indexes. */
  databaseBytes(): Promise<number>;
  readonly underWay: number;
  idle(): Promise<void>;
}

interface Dependencies {
  readonly connection: Connection;
  readonly path: string;
  readonly options: PostgresOptions;
}

const SNAPSHOT = 'BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY';

/** `EXECUTE` and the like cannot change anything here: the connection is read-only. */
const READ_ONLY_TRANSACTION = '25006';

const SIZE = `SELECT coalesce(sum(pg_total_relation_size(oid)), 0) AS bytes FROM pg_class
  WHERE relkind IN ('r', 'p') AND relnamespace = current_schema()::regnamespace`;

/** Returns what reads on a connection that cannot change anything, one read after the other. */
export function postgresReader({ connection, path, options }: Dependencies): PostgresReader {
  const queue = boundedQueue(READER_BOUNDS);
  const run = <T>(bytes: number, work: () => Promise<T>): Promise<T> =>
    queue.run(bytes, async () => {
      try {
        return await work();
      } catch (error) {
        if ((error as { readonly code?: unknown }).code === READ_ONLY_TRANSACTION) {
          throw new StatementFailed('a read must not change anything: use a write');
        }
        throw postgresError(error, path);
      }
    });
  return {
    read: (statement) =>
      run(statementSize(statement), async () => (await runStatement(connection, statement, { isRead: true })).rows),
    eventsAfter: (id, limit) =>
      run(0, () => transaction(connection, SNAPSHOT, () => runScript(connection, eventsAfter(id, limit)))),
    verifyAudit: () =>
      run(0, () => {
        if (!options.audit) throw new StatementFailed(`${path} was opened without an audit log`);
        return transaction(connection, SNAPSHOT, () => runScript(connection, verifyAudit({ hasGaps: true })));
      }),
    databaseBytes: () =>
      run(0, async () => Number((await runStatement(connection, { sql: SIZE }, { isRead: true })).rows[0].bytes)),
    get underWay() {
      return queue.underWay;
    },
    idle: () => queue.idle(),
  };
}
