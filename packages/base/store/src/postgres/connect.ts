import { readFileSync } from 'node:fs';
import type { Client, Query } from 'pg';
import { StoreReadOnly, StoreUnavailable } from '../errors.ts';
import { postgresError } from './postgres-error.ts';

/** The first release whose functions the statements of medkit use. */
const MIN_VERSION = 15;
const CONNECT_TIMEOUT_MS = 10_000;
/** Time limit of a statement on the server, milliseconds; migrations have none. */
const STATEMENT_TIMEOUT_MS = 30_000;
/** Time after which the server ends a transaction whose client does not continue, milliseconds. */
const IDLE_TRANSACTION_TIMEOUT_MS = 60_000;
/**
 * Lets the server end the session of a client whose machine or network is lost within 9 s, with all of its locks: the
 * default is two hours. A Unix socket needs none of it.
 */
const CLIENT_LOSS = {
  tcp_keepalives_idle: '3',
  tcp_keepalives_interval: '2',
  tcp_keepalives_count: '3',
  tcp_user_timeout: '9000',
};

/** A database, by its URL or by the path of a file that has the URL, so that a password is in no configuration. */
export type PostgresAddress = { readonly url: string } | { readonly urlFile: string };

export interface Connection {
  readonly client: Client;
  readonly Query: typeof Query;
}

/** Returns the URL of a database. Throws `StoreUnavailable` if the file cannot be read or has no such URL. */
export function databaseUrl(address: PostgresAddress): string {
  const url = 'url' in address ? address.url : readUrl(address.urlFile);
  if (/^postgres(?:ql)?:\/\//.test(url) && URL.canParse(url)) return url;
  const place = 'url' in address ? 'the address of the database' : address.urlFile;
  throw new StoreUnavailable(`${place} is not a URL such as postgres://medkit:password@db.example.com/medkit`);
}

function readUrl(file: string): string {
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new StoreUnavailable(
      `${file}, which has the URL of the database, cannot be read: ${(error as Error).message}`,
    );
  }
}

/** Returns the URL of a database without its password and its options, for messages. */
export function databaseName(url: string): string {
  const stated = new URL(url);
  stated.password = '';
  stated.search = '';
  return stated.href;
}

/**
 * Connects to a database, in its schema `schema`. A `writer` sends statements without waiting for the results of earlier
 * ones; a `reader` cannot change anything. Throws a `StoreError` with the remedy if the server cannot be used.
 * @param name identifies the session to the server
 */
export async function connect(
  url: string,
  schema: string,
  role: 'writer' | 'reader',
  name = 'medkit',
): Promise<Connection> {
  const path = databaseName(url);
  const { default: pg } = await import('pg');
  const settings = {
    search_path: schema,
    ...CLIENT_LOSS,
    ...(role === 'reader' ? { default_transaction_read_only: 'on' } : { 'medkit.owns_audit': 'on' }),
  };
  try {
    const client = new pg.Client({
      connectionString: url,
      application_name: name,
      pipeline: role === 'writer',
      keepAlive: true,
      connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
      statement_timeout: STATEMENT_TIMEOUT_MS,
      idle_in_transaction_session_timeout: IDLE_TRANSACTION_TIMEOUT_MS,
      options: Object.entries(settings)
        .map(([name, value]) => `-c ${name}=${value}`)
        .join(' '),
    });
    // Without a listener, the loss of the connection would end the process; pending queries receive it, too.
    client.on('error', () => undefined);
    await client.connect();
    try {
      await checkServer(client, path, role);
    } catch (error) {
      await client.end().catch(() => undefined);
      throw error;
    }
    return { client, Query: pg.Query };
  } catch (error) {
    throw postgresError(error, path);
  }
}

async function checkServer(client: Client, path: string, role: 'writer' | 'reader'): Promise<void> {
  const { rows } = await client.query(
    `SELECT current_setting('server_version') AS version, current_setting('server_encoding') AS encoding,
       current_setting('synchronous_commit') AS waits, pg_is_in_recovery() AS is_standby`,
  );
  const { version, encoding, waits, is_standby } = rows[0];
  if (Number.parseInt(version, 10) < MIN_VERSION) {
    throw new StoreUnavailable(
      `${path} runs PostgreSQL ${version}, and medkit needs ${MIN_VERSION} or newer: upgrade the server`,
    );
  }
  if (encoding !== 'UTF8') {
    throw new StoreUnavailable(
      `${path} has the encoding ${encoding}, which cannot hold all texts: create the database with createdb --encoding UTF8 --template template0`,
    );
  }
  if (role === 'reader') return;
  if (is_standby) throw new StoreReadOnly(`${path} is a standby server: connect to its primary server`);
  // An acknowledged write survives a power loss; the server may wait for its standby servers, too.
  if (waits === 'off') await client.query('SET synchronous_commit TO ON');
}
