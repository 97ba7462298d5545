import { connect, databaseName, databaseUrl, type PostgresAddress } from './connect.ts';
import { postgresError } from './postgres-error.ts';
import { type LockHolder, lockHolder } from './schema-lock.ts';

/** What a server of PostgreSQL states about itself, for an examination. */
export interface ServerFacts {
  /** Address of the database, without a password. */
  readonly path: string;
  /** `15.18`. */
  readonly version: string;
  /** Whether the server only follows another one. */
  readonly isStandby: boolean;
  /** Servers that follow this one; `undefined` if the user may not see them. */
  readonly standbys: number | undefined;
  /** `synchronous_commit` of new sessions; `waits` is whether commits wait for a standby with it. */
  readonly commit: string;
  readonly waits: boolean;
  /** Connections that are still free for this user. */
  readonly freeConnections: number;
  /** Clock of the server, milliseconds since 1970. */
  readonly wallMs: number;
  /** Bytes of all tables of the schemas, with their indexes. */
  readonly bytes: number;
  /** Who has each schema that is in use. */
  readonly holders: readonly { readonly schema: string; readonly holder: LockHolder }[];
}

const FACTS = `SELECT current_setting('server_version') AS version, pg_is_in_recovery() AS is_standby,
    CASE WHEN pg_has_role('pg_monitor', 'USAGE') OR (SELECT rolsuper FROM pg_roles WHERE rolname = current_user)
      THEN (SELECT count(*) FROM pg_stat_replication) END AS standbys,
    current_setting('synchronous_commit') AS commit,
    current_setting('synchronous_standby_names') <> '' AS waits,
    current_setting('max_connections')::int - current_setting('superuser_reserved_connections')::int
      - (SELECT count(*) FROM pg_stat_activity WHERE backend_type = 'client backend') AS free_connections,
    extract(epoch FROM clock_timestamp()) * 1000 AS wall_ms,
    (SELECT coalesce(sum(pg_total_relation_size(c.oid)), 0) FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
     WHERE c.relkind = 'r' AND n.nspname = ANY ($1)) AS bytes`;

/** Asks a server about itself and about these schemas. Throws a `StoreError` with the remedy if it cannot be used. */
export async function serverFacts(address: PostgresAddress, schemas: readonly string[]): Promise<ServerFacts> {
  const url = databaseUrl(address);
  const path = databaseName(url);
  const { client } = await connect(url, schemas[0]!, 'reader', 'medkit check');
  try {
    const { rows } = await client.query(FACTS, [schemas]);
    const [row] = rows;
    const holders: { schema: string; holder: LockHolder }[] = [];
    for (const schema of schemas) {
      const holder = await lockHolder(client, schema);
      if (holder) holders.push({ schema, holder });
    }
    return {
      ...{ path, version: row.version, isStandby: row.is_standby, commit: row.commit, waits: row.waits, holders },
      standbys: row.standbys === null ? undefined : Number(row.standbys),
      freeConnections: Number(row.free_connections),
      wallMs: Number(row.wall_ms),
      bytes: Number(row.bytes),
    };
  } catch (error) {
    throw postgresError(error, path);
  } finally {
    await client.end().catch(() => undefined);
  }
}
