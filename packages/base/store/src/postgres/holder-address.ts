import type { Connection } from './connect.ts';

/** The address at which the session that has the lock of this schema serves other processes. */
export const HOLDER_ADDRESS: readonly (readonly string[])[] = [
  ['CREATE TABLE store_holder (id bigint PRIMARY KEY CHECK (id = 1), pid bigint NOT NULL, address text NOT NULL)'],
];

/** Publishes the address of this process, whose session has the lock of its schema. */
export async function publishAddress({ client }: Connection, address: string): Promise<void> {
  await client.query(
    `INSERT INTO store_holder (id, pid, address) VALUES (1, pg_backend_pid(), $1)
     ON CONFLICT (id) DO UPDATE SET pid = excluded.pid, address = excluded.address`,
    [address],
  );
}

/** Returns the address that a session has published in a schema; `undefined` if it has not. */
export async function publishedAddress(
  client: Connection['client'],
  schema: string,
  pid: number,
): Promise<string | undefined> {
  const table = `${schema}.store_holder`;
  const { rows: tables } = await client.query('SELECT to_regclass($1) IS NOT NULL AS exists', [table]);
  if (!tables[0].exists) return undefined;
  const { rows } = await client.query(`SELECT address FROM ${table} WHERE pid = $1`, [pid]);
  return rows[0]?.address;
}
