import { ConditionFailed } from '../errors.ts';
import type { Statement, StatementResult } from './statement.ts';

/** Throws `ConditionFailed` if a statement did not change the number of rows that it expects. */
export function checkExpected({ sql, expect }: Statement, { changes }: StatementResult): void {
  if (expect === undefined || changes === expect) return;
  throw new ConditionFailed(
    `"${sql}" changed ${changes} rows instead of ${expect}, so that the write was undone: read the current state and try again`,
  );
}
