/**
 * A step of a migration: SQL, or SQL that runs only if the query `when` returns a row. Neither may contain external
 * values. A step must also work on a database of ros2_medkit, which has the tables but no record of migrations.
 * PostgreSQL runs `postgres` instead; SQL without it is translated. SQLite skips a step that has only `postgres`.
 */
export type MigrationStep =
  | string
  | { readonly when?: string; readonly sql: string; readonly postgres?: string }
  | { readonly when?: undefined; readonly sql?: undefined; readonly postgres: string };

/** One change of the tables, in steps. */
export type Migration = readonly MigrationStep[];

/**
 * Migrations by the owner of the tables. The first of an owner has number 1; a published migration never changes.
 * Owners share a database without knowing of each other.
 */
export type Migrations = Readonly<Record<string, readonly Migration[]>>;

/** Returns a step that adds a column if the table lacks it. */
export function addColumn(table: string, column: string, definition: string): MigrationStep {
  return {
    when: `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('${table}') WHERE name = '${column}')`,
    sql: `ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`,
    postgres: `ALTER TABLE ${table} ADD COLUMN IF NOT EXISTS ${column} ${definition}`,
  };
}
