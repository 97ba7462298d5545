import type { DatabaseSync } from 'node:sqlite';
import { StatementFailed, StoreTooNew } from '../errors.ts';
import type { Migration, Migrations } from './migration.ts';

const RECORD = `CREATE TABLE IF NOT EXISTS schema_migrations (
  owner TEXT NOT NULL, version INTEGER NOT NULL, applied_at_ns INTEGER NOT NULL, PRIMARY KEY (owner, version)
)`;

interface Surroundings {
  readonly path: string;
  readonly nowNs: bigint;
}

/**
 * Migrates the tables of all owners to their newest version, in one transaction: a database is upgraded completely or
 * not at all. Throws `StoreTooNew` if an owner's tables are newer than its migrations.
 */
export function migrate(database: DatabaseSync, migrations: Migrations, { path, nowNs }: Surroundings): void {
  // Takes the lock first, so that two processes do not both apply the same step.
  database.exec('BEGIN IMMEDIATE');
  try {
    database.exec(RECORD);
    for (const [owner, list] of Object.entries(migrations)) {
      const applied = appliedVersion(database, owner);
      if (applied > list.length) {
        throw new StoreTooNew(
          `${path} was written by a newer medkit (${owner}: version ${applied}, supported ${list.length}): ` +
            'update medkit, or choose another path',
        );
      }
      for (let version = applied + 1; version <= list.length; version += 1) {
        apply(database, list[version - 1], `${owner} ${version}`);
        database
          .prepare('INSERT INTO schema_migrations (owner, version, applied_at_ns) VALUES (?, ?, ?)')
          .run(owner, version, nowNs);
      }
    }
    database.exec('COMMIT');
  } catch (error) {
    if (database.isTransaction) database.exec('ROLLBACK');
    throw error;
  }
}

function appliedVersion(database: DatabaseSync, owner: string): number {
  const row = database.prepare('SELECT max(version) AS version FROM schema_migrations WHERE owner = ?').get(owner);
  return Number(row?.version ?? 0);
}

function apply(database: DatabaseSync, steps: Migration, name: string): void {
  for (const step of steps) {
    const { when, sql } = typeof step === 'string' ? { when: undefined, sql: step } : step;
    if (sql === undefined || (when !== undefined && !database.prepare(when).get())) continue;
    database.exec(sql);
    if (!database.isTransaction) throw new StatementFailed(`migration ${name} ends the transaction that it runs in`);
  }
}
