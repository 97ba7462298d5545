import { StoreLocked } from '../errors.ts';
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
  const name = `medkit.owner.${place.schema}`;
  const { rows } = await client.query('SELECT pg_try_advisory_lock(hashtextextended($1, 0)) AS taken', [name]);
  if (rows[0].taken) return;
  const waitMs = lock.waitMs ?? LOCK_WAIT_MS;
  place.warn(
    `${await heldBy(client, name, place)}: waiting up to ${Math.ceil(waitMs / 1000)} s for the end of that process`,
  );
  try {
    await client.query(`SET lock_timeout TO ${Math.max(1, Math.floor(waitMs))}`);
    await client.query('SELECT pg_advisory_lock(hashtextextended($1, 0))', [name]);
    await client.query('SET lock_timeout TO DEFAULT');
  } catch (error) {
    if ((error as { readonly code?: unknown }).code !== LOCK_NOT_AVAILABLE) throw error;
    throw new StoreLocked(
      `${await heldBy(client, name, place)}, and only one process may use it: stop that process, or name another database`,
    );
  }
}

/** `pg_locks` has the two halves of the key. The name and the address are hidden from users that may not see the session. */
const HOLDER = `SELECT l.pid, a.application_name AS name, host(a.client_addr) AS address, to_char(a.backend_start AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') AS since
  FROM (SELECT hashtextextended($1, 0) AS key) k
  JOIN pg_locks l ON l.locktype = 'advisory' AND l.objsubid = 1 AND l.granted
    AND l.classid::bigint = (k.key >> 32) & 4294967295 AND l.objid::bigint = k.key & 4294967295
    AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database())
  LEFT JOIN pg_stat_activity a ON a.pid = l.pid`;

async function heldBy(client: Connection['client'], name: string, { path, schema }: Place): Promise<string> {
  const { rows } = await client.query(HOLDER, [name]);
  const [holder] = rows;
  // It may have ended since.
  if (!holder) return `the schema ${schema} of ${path} is in use by another process`;
  const process = holder.name || 'another process';
  const address = holder.address === null ? '' : ` at ${holder.address}`;
  const since = holder.since === null ? '' : ` since ${holder.since}`;
  return `the schema ${schema} of ${path} is in use by ${process}${address}${since} (server process ${holder.pid})`;
}
