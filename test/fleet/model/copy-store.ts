import type { Clock } from '@medkit/edges';
import { type Migrations, memoryStore, type Row, type Store } from '@medkit/store';

/** All rows of a database, by table. */
export type StoreCopy = ReadonlyMap<string, readonly Row[]>;

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')
  AND name <> 'schema_migrations'`;
/** Rows of one read: the store returns at most 10,000. */
const PAGE = 5000;

/** Reads a whole database, as a backup does. */
export async function copyOf(store: Pick<Store, 'read'>): Promise<StoreCopy> {
  const copy = new Map<string, readonly Row[]>();
  for (const { name } of await store.read(TABLES)) {
    const rows: Row[] = [];
    for (;;) {
      const page = await store.read(`SELECT * FROM ${name} LIMIT ${PAGE} OFFSET ?`, [rows.length]);
      rows.push(...page);
      if (page.length < PAGE) break;
    }
    copy.set(String(name), rows);
  }
  return copy;
}

/** Creates a database in memory from a copy; without one, an empty database. */
export async function storeFrom(clock: Clock, migrations: Migrations, copy: StoreCopy = new Map()): Promise<Store> {
  const store = memoryStore({ clock, migrations });
  for (const [table, rows] of copy) {
    const columns = Object.keys(rows[0] ?? {});
    const sql = `INSERT INTO ${table} (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`;
    await store.write([
      { sql: `DELETE FROM ${table}` },
      ...rows.map((row) => ({ sql, parameters: columns.map((column) => row[column] ?? null) })),
    ]);
  }
  return store;
}
