import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StatementFailed } from '../errors.ts';

/**
 * Maximum prepared statements. The source code contains fewer; exceeding it means that a caller writes values into the
 * SQL text.
 */
const MAX_CACHED = 256;

export interface PreparedStatement {
  readonly statement: StatementSync;
  /** Names of the result columns; empty if the statement returns no rows. */
  readonly columns: readonly string[];
  /** The statement controls transactions, files or settings, which only the store may do. */
  readonly isControl: boolean;
}

/** Statements that only the store may run. */
export const CONTROL = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|ATTACH|DETACH|VACUUM)\b/i;

/** Statements of one connection, prepared once for each text. Evicts the oldest. */
export class PreparedStatements {
  readonly #database: DatabaseSync;
  readonly #cached = new Map<string, PreparedStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** Returns a statement of a user of the store. Throws `StatementFailed` if only the store may run it. */
  ofUser(sql: string): PreparedStatement {
    const prepared = this.get(sql);
    if (prepared.isControl)
      throw new StatementFailed(`"${sql}" is reserved for the store: it would end a shared transaction`);
    return prepared;
  }

  get(sql: string): PreparedStatement {
    const known = this.#cached.get(sql);
    if (known) return known;
    const prepared = this.#prepare(sql);
    this.#cached.set(sql, prepared);
    if (this.#cached.size > MAX_CACHED) this.#cached.delete(this.#cached.keys().next().value as string);
    return prepared;
  }

  #prepare(sql: string): PreparedStatement {
    const statement = this.#database.prepare(sql);
    // SQLite prepares only the first statement of a text and silently ignores the rest.
    if (sql.slice(statement.sourceSQL.length).trim() !== '') {
      throw new StatementFailed(`"${sql}" contains more than one statement: pass each statement separately`);
    }
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return { statement, columns: statement.columns().map(({ name }) => name), isControl: CONTROL.test(sql) };
  }
}
