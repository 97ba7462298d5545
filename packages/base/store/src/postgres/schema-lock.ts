import { StoreLocked, StoreUnavailable } from '../errors.ts';
import type { Connection } from './connect.ts';

/**
 * Time for which a start waits for another process that ends, milliseconds: above the 9 s after which a server notices
 * that the machine of a client is lost (`CLIENT_LOSS` in connect.ts). The connection of a killed process ends immediately.
 */
const LOCK_WAIT_MS = 12_000;

/** The error code of PostgreSQL for a lock that another session holds. */
const LOCK_NOT_AVAILABLE = '55P03';

/** Makes this process the only one that opens a schema in this way. */
export interface SchemaLock {
  /** Names the process to others that want the schema: at most 63 bytes of ASCII. */
  readonly owner: string;
  /** Longest wait for another process, milliseconds (default 12 s). */
  readonly waitMs?: number;
  /** Interval of statements that prove to other processes that this one runs, milliseconds; none unless given. */
  readonly heartbeatMs?: number | undefined;
  /** Address at which this process serves those that wait for the lock; published in the schema if given. */
  readonly address?: string | undefined;
}

/** A session that has the lock of a schema. */
export interface LockHolder {
  /** Number of the session on the server. */
  readonly pid: number;
  /** Describes the process: its owner, address and start, as far as the server discloses them. */
  readonly description: string;
  readonly owner: string | undefined;
  /** Time since the last statement of the session, milliseconds; `undefined` while one runs, or if it is not disclosed. */
  readonly silentMs: number | undefined;
}

interface Place {
  readonly path: string;
  readonly schema: string;
  readonly warn: (message: string) => void;
}

/**
 * Locks a schema for the session of a connection. All writes use this session: if the server ends it, the lock ends with
 * it, and so does the ability to write. A lease with an epoch would need a check in each write; its only advantage, poolers
 * of transactions, does not apply, because the store needs one session in any case. Throws `StoreLocked`, which names the holder.
 */
export async function lockSchema({ client }: Connection, lock: SchemaLock, place: Place): Promise<void> {
  const { schema } = place;
  const name = lockName(schema);
  const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [name]);
  if (rows[0].taken) return;
  const waitMs = lock.waitMs ?? LOCK_WAIT_MS;
  place.warn(
    `${inUse(place, await lockHolder(client, schema))}: waiting up to ${Math.ceil(waitMs / 1000)} s for the end of that process`,
  );
  try {
    await client.query(`SET lock_timeout TO ${Math.max(1, Math.floor(waitMs))}`);
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    await client.query('SET lock_timeout TO DEFAULT');
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    const holder = await lockHolder(client, schema);
    if (holder?.owner === lock.owner)
      throw new StoreUnavailable(`${inUse(place, holder)}, which is an earlier session of this process`);
    throw new StoreLocked(
      `${inUse(place, holder)}, and only one process may use it: stop that process, or name another database`,
    );
  }
}

const lockName = (schema: string): string => `medkit.owner.${schema}`;

/** `pg_locks` has the two halves of the key. The name and the address are hidden from users that may not see the session. */
const HOLDER = `SELECT l.pid, a.application_name AS name, host(a.client_addr) AS address,
    to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since,
    CASE WHEN a.state LIKE 'idle%' THEN extract(epoch FROM clock_timestamp() - a.state_change) * 1000 END AS silent_ms
  FROM (SELECT hashtextextended($1, 0) AS key) k
  JOIN pg_locks l ON l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
    AND l.classid::bigint = (k.key >> 32) & 4294967295 AND l.objid::bigint = k.key & 4294967295
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  LEFT JOIN pg_stat_activity a ON a.pid = l.pid`;

/** Returns the session that has the lock of a schema; `undefined` if the lock is free. */
export async function lockHolder(client: Connection['client'], schema: string): Promise<LockHolder | undefined> {
  const { rows } = await client.query(HOLDER, [lockName(schema)]);
  const [row] = rows;
  if (!row) return undefined;
  const address = row.address === null ? '' : ` at ${row.address}`;
  const since = row.since === null ? '' : ` since ${row.since}`;
  return {
    pid: row.pid,
    owner: row.name || undefined,
    description: `${row.name || 'another process'}${address}${since} (server process ${row.pid})`,
    silentMs: row.silent_ms === null ? undefined : Number(row.silent_ms),
  };
}

/** The holder may have ended since. */
const inUse = ({ schema, path }: Pick<Place, 'path' | 'schema'>, holder: LockHolder | undefined): string =>
  `the schema ${schema} of ${path} is in use by ${holder?.description ?? 'another process'}`;
