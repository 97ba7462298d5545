import { DatabaseSync } from 'node:sqlite';
import type { Clock } from '@medkit/edges';
import { verifyAudit } from '../audit/verify-audit.ts';
import { verifyAuditFile } from '../audit-file.ts';
import type { AuditLimits } from '../engine-options.ts';
import { StoreUnavailable } from '../errors.ts';
import type { Migrations } from '../migrations/migration.ts';
import { openStore } from '../open-store.ts';
import type { Row, SqlValue } from '../sql/values.ts';
import { type Connection, connect, databaseUrl, type PostgresAddress } from './connect.ts';
import { postgresError } from './postgres-error.ts';
import { postgresStore } from './postgres-store.ts';
import { runScript, runStatement } from './run-script.ts';
import { assignedNumbers, readRowsOf, type SourceTable, sourceTables } from './source-tables.ts';

/** Rows of one statement: PostgreSQL numbers at most 65,535 values of it. */
const ROWS_TOGETHER = 200;

/** A file of SQLite, and the schema that receives its rows. */
export interface ImportedFile {
  readonly path: string;
  readonly schema: string;
  readonly migrations: Migrations;
  /** Present for an audit log. */
  readonly audit?: AuditLimits;
}

export interface ImportOptions {
  readonly address: PostgresAddress;
  readonly files: readonly ImportedFile[];
  readonly clock: Clock;
  readonly warn: (message: string) => void;
  /** Called after each table. */
  readonly onTable: (table: ImportedTable) => void;
}

export interface ImportedTable {
  readonly schema: string;
  readonly name: string;
  readonly rows: number;
}

/**
 * Copies all rows of files, which no process may use, into a database of PostgreSQL, in one transaction: if it fails, the
 * tables stay empty. Migrates files and database first. Compares the number of rows of each table, and verifies the audit
 * log. Throws a `StoreError` with the remedy, also if the database has rows already.
 */
export async function importFiles({ address, files, clock, warn, onTable }: ImportOptions): Promise<void> {
  for (const { path, schema, migrations, audit } of files) {
    const tables = { migrations, clock, warn, ...(audit && { audit }) };
    await (await openStore({ path, ...tables })).close();
    await (await postgresStore({ ...address, schema, ...tables })).close();
  }
  const url = databaseUrl(address);
  const connection = await connect(url, 'public', 'writer');
  try {
    await connection.client.query('BEGIN');
    // Triggers that record changes of tables ignore the rows of an import.
    await connection.client.query("SET LOCAL medkit.is_import TO 'on'");
    for (const file of files) {
      await connection.client.query(`SET LOCAL search_path TO ${file.schema}`);
      await importFile(connection, file, onTable);
    }
    await connection.client.query('COMMIT');
  } catch (error) {
    await connection.client.query('ROLLBACK').catch(() => undefined);
    throw postgresError(error, files[0]?.path ?? '');
  } finally {
    await connection.client.end();
  }
}

async function importFile(
  connection: Connection,
  file: ImportedFile,
  onTable: ImportOptions['onTable'],
): Promise<void> {
  const { path, schema, audit } = file;
  const source = new DatabaseSync(path, { readOnly: true });
  try {
    if (audit) await connection.client.query('UPDATE audit_prune_guard SET enabled = 1');
    for (const table of sourceTables(source)) {
      const rows = await importTable(connection, source, table, schema);
      onTable({ schema, name: table.name, rows });
    }
    await continueNumbers(connection, source);
    if (!audit) return;
    await connection.client.query('UPDATE audit_prune_guard SET enabled = 0');
    await compareAudit(connection, path);
  } finally {
    source.close();
  }
}

/** Copies one table, and returns its number of rows. */
async function importTable(
  connection: Connection,
  source: DatabaseSync,
  { name, columns }: SourceTable,
  schema: string,
): Promise<number> {
  const present = await columnsOf(connection, name);
  const unknown = columns.filter((column) => !present.has(column));
  if (unknown.length > 0) {
    throw new StoreUnavailable(
      `${schema}.${name} has no column ${unknown.join(', ')}: another version of medkit created it. Use an empty database`,
    );
  }
  const [held] = await read(connection, `SELECT count(*) AS n FROM "${name}"`);
  if (Number(held?.n) > 0) {
    throw new StoreUnavailable(
      `${schema}.${name} has ${held?.n} rows already: import into an empty database, or remove its schemas with DROP SCHEMA`,
    );
  }
  const list = columns.map((column) => `"${column}"`).join(', ');
  let count = 0;
  let batch: SqlValue[][] = [];
  const flush = async (): Promise<void> => {
    if (batch.length === 0) return;
    const row = `(${columns.map(() => '?').join(', ')})`;
    const sql = `INSERT INTO "${name}" (${list}) VALUES ${batch.map(() => row).join(', ')}`;
    await runStatement(connection, { sql, parameters: batch.flat() });
    count += batch.length;
    batch = [];
  };
  // The order of the rows is the order of their numbers in the database.
  for (const row of readRowsOf(source, { name, columns }, present.has('rowid') ? 'rowid' : undefined)) {
    batch.push(row);
    if (batch.length >= ROWS_TOGETHER) await flush();
  }
  await flush();
  const [stored] = await read(connection, `SELECT count(*) AS n FROM "${name}"`);
  if (Number(stored?.n) !== count) throw new StoreUnavailable(`${schema}.${name} has ${stored?.n} of ${count} rows`);
  return count;
}

async function columnsOf(connection: Connection, table: string): Promise<ReadonlySet<string>> {
  const rows = await read(
    connection,
    'SELECT column_name AS name FROM information_schema.columns WHERE table_schema = current_schema() AND table_name = ?',
    [table],
  );
  return new Set(rows.map(({ name }) => String(name)));
}

/** Lets identity columns continue after the highest number that was ever assigned. */
async function continueNumbers(connection: Connection, source: DatabaseSync): Promise<void> {
  const numbered = await read(
    connection,
    `SELECT table_name AS "table", column_name AS "column" FROM information_schema.columns
     WHERE table_schema = current_schema() AND is_identity = 'YES'`,
  );
  const assigned = assignedNumbers(source);
  for (const { table, column } of numbered) {
    const [row] = await read(connection, `SELECT coalesce(max("${column}"), 0) AS newest FROM "${table}"`);
    const newest = Math.max(Number(row?.newest), assigned.get(String(table)) ?? 0);
    if (newest > 0)
      await read(connection, `SELECT setval(pg_get_serial_sequence('${table}', '${column}'), ?)`, [newest]);
  }
}

/** Throws if the imported audit log has another verdict than its file. */
async function compareAudit(connection: Connection, path: string): Promise<void> {
  const before = verifyAuditFile(path);
  const after = await runScript(connection, verifyAudit({ hasGaps: true }));
  if (before.intact === after.intact && before.checked === after.checked) return;
  const stated = ({ intact, checked }: typeof after) => `${checked} records are ${intact ? 'intact' : 'broken'}`;
  throw new StoreUnavailable(
    `the audit log is not the same after the import: ${stated(before)} in ${path}, ${stated(after)} in PostgreSQL`,
  );
}

const read = async (
  connection: Connection,
  sql: string,
  parameters: readonly SqlValue[] = [],
): Promise<readonly Row[]> => (await runStatement(connection, { sql, parameters })).rows;
