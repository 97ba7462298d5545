import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { StatementFailed } from '../errors.ts';

/** Statements kept ready. There are as many as the sources have; beyond that, somebody writes values into the text. */
const MAX_KEPT = 256;

export interface PreparedStatement {
  readonly statement: StatementSync;
  /** Names of the columns that it gives; empty where it gives no rows. */
  readonly columns: readonly string[];
  /** It is about transactions, files or settings, which are the store's own affair. */
  readonly isControl: boolean;
}

const CONTROL = /^\s*(?:BEGIN|COMMIT|END|ROLLBACK|SAVEPOINT|RELEASE|PRAGMA|ATTACH|DETACH|VACUUM)\b/i;

/** Statements of one connection, prepared once for each text; the first ones go first. */
export class PreparedStatements {
  readonly #database: DatabaseSync;
  readonly #kept = new Map<string, PreparedStatement>();

  constructor(database: DatabaseSync) {
    this.#database = database;
  }

  /** A statement of a user of the store. Throws `StatementFailed` where it is none of theirs to make. */
  ofUser(sql: string): PreparedStatement {
    const prepared = this.get(sql);
    if (prepared.isControl)
      throw new StatementFailed(`"${sql}" is for the store alone: it would end a transaction that others share`);
    return prepared;
  }

  get(sql: string): PreparedStatement {
    const known = this.#kept.get(sql);
    if (known) return known;
    const prepared = this.#prepare(sql);
    this.#kept.set(sql, prepared);
    if (this.#kept.size > MAX_KEPT) this.#kept.delete(this.#kept.keys().next().value as string);
    return prepared;
  }

  #prepare(sql: string): PreparedStatement {
    const statement = this.#database.prepare(sql);
    // SQLite prepares the first statement of a text and leaves the others out without a word.
    if (sql.slice(statement.sourceSQL.length).trim() !== '') {
      throw new StatementFailed(`"${sql}" holds more than one statement: give each one by itself`);
    }
    statement.setReadBigInts(true);
    statement.setReturnArrays(true);
    return { statement, columns: statement.columns().map(({ name }) => name), isControl: CONTROL.test(sql) };
  }
}
