import type { DatabaseSync } from 'node:sqlite';
import { fromSql, type SqlValue } from '../sql/values.ts';

/** A table of a file, without the tables of the store itself. */
export interface SourceTable {
  readonly name: string;
  readonly columns: readonly string[];
}

/** Tables of the store in each file: PostgreSQL counts commits and migrations itself. */
const OF_STORE = ['schema_migrations', 'store_commits', 'events', 'audit_prune_guard'];

/** Lists the tables of the users of a store, by name. */
export function sourceTables(source: DatabaseSync): readonly SourceTable[] {
  const names = source
    .prepare(
      "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY name",
    )
    .all()
    .map(({ name }) => String(name))
    .filter((name) => !OF_STORE.includes(name));
  return names.map((name) => ({
    name,
    columns: source
      .prepare('SELECT name FROM pragma_table_info(?)')
      .all(name)
      .map((column) => String(column['name'])),
  }));
}

/** Reads the rows of a table one at a time: it may be larger than the memory. */
export function* readRowsOf(
  source: DatabaseSync,
  { name, columns }: SourceTable,
  orderBy: string | undefined,
): Generator<SqlValue[]> {
  const list = columns.map((column) => `"${column}"`).join(', ');
  const statement = source.prepare(
    `SELECT ${list} FROM "${name}"${orderBy === undefined ? '' : ` ORDER BY ${orderBy}`}`,
  );
  statement.setReadBigInts(true);
  statement.setReturnArrays(true);
  for (const row of statement.iterate() as unknown as Iterable<Parameters<typeof fromSql>[0][]>) yield row.map(fromSql);
}

/** Returns the highest number that was ever assigned in each table with `AUTOINCREMENT`. */
export function assignedNumbers(source: DatabaseSync): ReadonlyMap<string, number> {
  // Without such a table, SQLite creates no sequences.
  if (!source.prepare("SELECT 1 FROM sqlite_master WHERE name = 'sqlite_sequence'").get()) return new Map();
  const rows = source.prepare('SELECT name, seq FROM sqlite_sequence').all();
  return new Map(rows.map(({ name, seq }) => [String(name), Number(seq)]));
}
