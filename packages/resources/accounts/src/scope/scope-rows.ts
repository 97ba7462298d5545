import type { EntityScope } from '@medkit/core';
import type { Statement, Store } from '@medkit/store';

/** Rows of one read; the store returns at most 10,000. */
const PAGE = 5000;
/** What an account may do whose stored scopes this version cannot read: nothing. */
const NOTHING: EntityScope = { entities: [], collections: [], permissions: [] };

/** Returns the statements that replace the scopes of a principal. */
export const replaceScopes = (principal: string, scopes: readonly EntityScope[]): readonly Statement[] => [
  ...deleteScopes([principal]),
  ...scopes.map((scope, position) => ({
    sql: 'INSERT INTO account_scopes (principal, position, scope) VALUES (?, ?, ?)',
    parameters: [principal, position, JSON.stringify(scope)],
  })),
];

/** Returns the statement that removes the scopes of principals; none if there are no principals. */
export function deleteScopes(principals: readonly string[]): readonly Statement[] {
  const sql = 'DELETE FROM account_scopes WHERE principal IN (SELECT value FROM json_each(?))';
  return principals.length === 0 ? [] : [{ sql, parameters: [JSON.stringify(principals)] }];
}

/**
 * Reads the scopes of all principals. There is no limit: an account whose scopes were left out would see all entities.
 * Their number is limited by those of accounts and of the scopes of each.
 */
export async function readScopes(store: Pick<Store, 'read'>): Promise<ReadonlyMap<string, readonly EntityScope[]>> {
  const scopes = new Map<string, EntityScope[]>();
  const sql = `SELECT principal, position, scope FROM account_scopes
    WHERE (principal, position) > (?, ?) ORDER BY principal, position LIMIT ${PAGE}`;
  for (let place: readonly [string, number] = ['', -1]; ; ) {
    const rows = await store.read(sql, place);
    for (const row of rows) {
      const principal = String(row.principal);
      const known = scopes.get(principal) ?? [];
      scopes.set(principal, known);
      known.push(storedScope(String(row.scope)));
      place = [principal, Number(row.position)];
    }
    if (rows.length < PAGE) return scopes;
  }
}

function storedScope(text: string): EntityScope {
  const isTexts = (value: unknown) => Array.isArray(value) && value.every((each) => typeof each === 'string');
  try {
    const { entities, collections, permissions } = JSON.parse(text) as EntityScope;
    const isReadable =
      isTexts(entities) && [collections, permissions].every((each) => each === undefined || isTexts(each));
    if (!isReadable) return NOTHING;
    return { entities, ...(collections && { collections }), ...(permissions && { permissions }) };
  } catch {
    return NOTHING;
  }
}
