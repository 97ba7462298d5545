import type { DatabaseSync } from 'node:sqlite';
import type { AuditVerdict } from '../audit/audit-record.ts';
import { verifyAudit } from '../audit/verify-audit.ts';
import type { EngineOptions } from '../engine-options.ts';
import { StatementFailed, StoreReadOnly } from '../errors.ts';
import { PreparedStatements } from '../sql/prepared-statements.ts';
import { readRows } from '../sql/read-rows.ts';
import { runScript } from '../sql/script.ts';
import { storeError } from '../sql/store-error.ts';
import type { Row } from '../sql/values.ts';
import type { Statement } from '../store.ts';
import { type EventPage, eventsAfter } from './event-log.ts';

const HAS_GAPS = "SELECT 1 FROM sqlite_master WHERE name = 'audit_gaps'";

interface Dependencies {
  readonly database: DatabaseSync;
  readonly options: EngineOptions;
}

/** A connection that reads. Synchronous, like the writer. */
export class Reader {
  readonly #database: DatabaseSync;
  readonly #options: EngineOptions;
  readonly #statements: PreparedStatements;

  constructor({ database, options }: Dependencies) {
    this.#database = database;
    this.#options = options;
    this.#statements = new PreparedStatements(database);
  }

  read({ sql, parameters }: Statement): readonly Row[] {
    return this.#snapshot(() => readRows(this.#statements.ofUser(sql), parameters));
  }

  eventsAfter(id: number, limit: number): EventPage {
    return this.#snapshot(() => runScript(this.#statements, eventsAfter(id, limit)));
  }

  verifyAudit(): AuditVerdict {
    if (!this.#options.audit) throw new StatementFailed(`${this.#options.path} was opened without an audit log`);
    return this.#snapshot(() => {
      const hasGaps = readRows(this.#statements.get(HAS_GAPS)).length > 0;
      return runScript(this.#statements, verifyAudit({ hasGaps }));
    });
  }

  /** Closes the database, unless it is already closed. */
  close(): void {
    if (this.#database.isOpen) this.#database.close();
  }

  /**
   * Runs `work` on one snapshot of the database. It cannot change anything, even if the connection is shared with the
   * writer.
   */
  #snapshot<T>(work: () => T): T {
    try {
      this.#run('PRAGMA query_only = 1');
      this.#run('BEGIN');
      return work();
    } catch (error) {
      const failure = storeError(error, this.#options.path);
      throw failure instanceof StoreReadOnly
        ? new StatementFailed('a read must not change anything: use a write')
        : failure;
    } finally {
      if (this.#database.isTransaction) this.#run('ROLLBACK');
      this.#run('PRAGMA query_only = 0');
    }
  }

  #run(sql: string): void {
    this.#statements.get(sql).statement.run();
  }
}
