import type { Parameters, Row } from './values.ts';

/** One SQL statement. It is prepared once for each text, so put values into `parameters`, never into `sql`. */
export interface Statement {
  readonly sql: string;
  readonly parameters?: Parameters;
  /**
   * Rows that the statement must insert, update or delete. If it changes another number, the whole write is undone and
   * rejects with `ConditionFailed`.
   */
  readonly expect?: number;
}

/** Result of one statement of a write. */
export interface StatementResult {
  /** Rows inserted, updated or deleted by the statement itself. */
  readonly changes: number;
  /** Rows of a `RETURNING` clause, otherwise empty. */
  readonly rows: readonly Row[];
}
