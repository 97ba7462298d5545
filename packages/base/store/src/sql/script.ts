import type { PreparedStatements } from './prepared-statements.ts';
import { readRows } from './read-rows.ts';
import type { Statement } from './statement.ts';
import { boundParameters, type Row } from './values.ts';

/**
 * Statements of which some depend on the rows of earlier ones: yields a statement and receives its rows. Every engine
 * runs the same script, so that its logic and its SQL exist once.
 */
export type Script<T> = Generator<Statement, T, readonly Row[]>;

/** Runs a script on SQLite, within the open transaction. */
export function runScript<T>(statements: PreparedStatements, script: Script<T>): T {
  let step = script.next();
  while (!step.done) {
    const { sql, parameters } = step.value;
    const prepared = statements.get(sql);
    const hasRows = prepared.columns.length > 0;
    if (!hasRows) prepared.statement.run(...(boundParameters(parameters) as []));
    step = script.next(hasRows ? readRows(prepared, parameters) : []);
  }
  return step.value;
}
