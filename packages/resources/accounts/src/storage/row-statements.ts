import type { Statement } from '@medkit/store';

/** Removes rows of a table, however many, in one statement; none where there are none. */
export function deleteRows(table: string, ids: readonly string[]): readonly Statement[] {
  const sql = `DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`;
  return ids.length === 0 ? [] : [{ sql, parameters: [JSON.stringify(ids)] }];
}
