/**
 * A step of a migration: SQL, or SQL to be run only where the query `when` gives a row. Both may hold no value from
 * outside. A step must also be right for a database of ros2_medkit, which has the tables but no record of migrations.
 */
export type MigrationStep = string | { readonly when: string; readonly sql: string };

/** One change of the tables, in steps. */
export type Migration = readonly MigrationStep[];

/**
 * Migrations by the owner of the tables: the first of an owner is number 1, and none is changed once it is published.
 * Owners share a database without knowing of each other.
 */
export type Migrations = Readonly<Record<string, readonly Migration[]>>;

/** A step that adds a column where the table lacks it. */
export function addColumn(table: string, column: string, definition: string): MigrationStep {
  return {
    when: `SELECT 1 WHERE NOT EXISTS (SELECT 1 FROM pragma_table_info('${table}') WHERE name = '${column}')`,
    sql: `ALTER TABLE ${table} ADD COLUMN ${column} ${definition}`,
  };
}
