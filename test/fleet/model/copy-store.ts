import type { Clock } from '@medkit/edges';
import { FLEET_TABLES } from '@medkit/fleet';
import { type Migrations, memoryStore, type Row, type Store } from '@medkit/store';

/** Where the hubs of a model have their databases. */
export interface ModelDatabases {
  /** Whether events have partitions. */
  readonly hasPartitions: boolean;
  /** Creates a database from a copy; without one, an empty database. */
  open(clock: Clock, copy?: unknown): Promise<Store>;
  /** Copies a whole database, as a backup does. */
  copyOf(store: Store): Promise<unknown>;
}

/** Databases of SQLite in memory. */
export const MEMORY_DATABASES: ModelDatabases = {
  hasPartitions: false,
  open: (clock, copy) => storeFrom(clock, FLEET_TABLES, copy as StoreCopy | undefined),
  copyOf,
};

/** All rows of a database, by table. */
export type StoreCopy = ReadonlyMap<string, readonly Row[]>;

const TABLES = `SELECT name FROM sqlite_master WHERE type = 'table' AND (name NOT LIKE 'sqlite_%' OR name = 'sqlite_sequence')
  AND name <> 'schema_migrations'`;

/** Reads a whole database, as a backup does. The reads begin together, so that no write is between them. */
export async function copyOf(store: Pick<Store, 'read'>): Promise<StoreCopy> {
  const names = (await store.read(TABLES)).map(({ name }) => String(name));
  const rows = await Promise.all(names.map((name) => store.read(`SELECT * FROM ${name}`)));
  return new Map(names.map((name, index) => [name, rows[index]!]));
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
