import { StatementFailed, StoreTooNew } from '../errors.ts';
import type { Migration, Migrations } from '../migrations/migration.ts';
import type { Connection } from './connect.ts';
import { translate } from './translate.ts';

/** Migrations in the dialect of PostgreSQL, by owner. */
export type PostgresMigrations = Readonly<Record<string, readonly (readonly string[])[]>>;

const RECORD = `CREATE TABLE IF NOT EXISTS schema_migrations (
  owner text NOT NULL, version bigint NOT NULL, applied_at_ns bigint NOT NULL, is_additive boolean NOT NULL,
  PRIMARY KEY (owner, version)
)`;

/** A step that adds a table, an index, a trigger, or a column that may be absent: an older program can continue beside it. */
const ADDITIVE =
  /^\s*(?:CREATE (?:UNIQUE )?(?:TABLE|INDEX|FUNCTION|TRIGGER)\b|ALTER TABLE \w+ ADD COLUMN(?! [^,]*NOT NULL(?![^,]*DEFAULT)))/;

interface Surroundings {
  readonly path: string;
  readonly schema: string;
  readonly nowNs: bigint;
}

/**
 * Migrates the tables of all owners to their newest version, in one transaction. A lock lets processes that start
 * together migrate one after the other. Throws `StoreTooNew` if an owner's tables are newer than its migrations, unless
 * the newer ones only add to them: processes of two versions may then use one database.
 */
export async function migrate(
  { client }: Connection,
  migrations: PostgresMigrations,
  { path, schema, nowNs }: Surroundings,
): Promise<void> {
  await client.query('BEGIN; SET LOCAL statement_timeout TO 0');
  try {
    await client.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`medkit.migrations.${schema}`]);
    const { rows } = await client.query('SELECT to_regnamespace($1) AS schema', [schema]);
    if (rows[0].schema === null) await client.query(`CREATE SCHEMA ${schema}`);
    await client.query(RECORD);
    for (const [owner, list] of Object.entries(migrations)) {
      const applied = await appliedVersion(client, owner, list.length, path);
      for (let version = applied + 1; version <= list.length; version += 1) {
        const steps = list[version - 1];
        for (const step of steps) await client.query(step);
        await client.query(
          'INSERT INTO schema_migrations (owner, version, applied_at_ns, is_additive) VALUES ($1, $2, $3, $4)',
          [owner, version, String(nowNs), steps.every((step) => ADDITIVE.test(step))],
        );
      }
    }
    await client.query('COMMIT');
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  }
}

async function appliedVersion(
  client: Connection['client'],
  owner: string,
  supported: number,
  path: string,
): Promise<number> {
  const { rows } = await client.query(
    `SELECT coalesce(max(version), 0)::int AS version, coalesce(bool_and(is_additive) FILTER (WHERE version > $2), true) AS fits
     FROM schema_migrations WHERE owner = $1`,
    [owner, supported],
  );
  const { version, fits } = rows[0];
  if (fits) return version;
  throw new StoreTooNew(
    `${path} was written by a newer medkit (${owner}: version ${version}, supported ${supported}): ` +
      'update medkit, or choose another database',
  );
}

/** Returns the migrations of owners of tables in the dialect of PostgreSQL. Throws `StatementFailed` if one has no such text. */
export function postgresMigrations(migrations: Migrations): PostgresMigrations {
  return Object.fromEntries(
    Object.entries(migrations).map(([owner, list]) => [
      owner,
      list.map((migration, index) => stepsOf(migration, `${owner} ${index + 1}`)),
    ]),
  );
}

const stepsOf = (migration: Migration, name: string): readonly string[] =>
  migration.map((step) => {
    const sql = typeof step === 'string' ? step : (step.postgres ?? (step.when === undefined ? step.sql : undefined));
    if (sql === undefined) throw new StatementFailed(`migration ${name} has no text for PostgreSQL`);
    return translate(sql).parts.join('');
  });
