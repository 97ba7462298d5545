import type { Statement } from '@medkit/store';

/** Returns one statement that removes any number of rows; no statement if `ids` is empty. */
export function deleteRows(table: string, ids: readonly string[]): readonly Statement[] {
  const sql = `DELETE FROM ${table} WHERE id IN (SELECT value FROM json_each(?))`;
  return ids.length === 0 ? [] : [{ sql, parameters: [JSON.stringify(ids)] }];
}
