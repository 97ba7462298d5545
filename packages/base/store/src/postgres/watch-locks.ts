import { type Connection, connect, databaseName, databaseUrl, type PostgresAddress } from './connect.ts';
import { publishedAddress } from './holder-address.ts';
import { postgresError } from './postgres-error.ts';
import { type LockHolder, lockHolder } from './schema-lock.ts';

/** A session that has a lock, and the address at which its process serves those that wait for it, if it has published one. */
export type ObservedHolder = LockHolder & { readonly address: string | undefined };

/** Observes the locks of schemas, without taking them. */
export interface LockWatch {
  /** Returns the first session that has one of the locks; `undefined` if all are free. Throws a `StoreError`. */
  holder(): Promise<ObservedHolder | undefined>;
  /**
   * Ends a session on the server, and with it all that its process could still write. Throws a `StoreError`, also if the
   * user of the database may not end it.
   */
  end(holder: LockHolder): Promise<void>;
  close(): Promise<void>;
}

/** Returns what observes the locks of the stores with these schemas. It connects at its first use, and again after a loss. */
export function watchLocks(address: PostgresAddress, schemas: readonly string[]): LockWatch {
  const url = databaseUrl(address);
  const path = databaseName(url);
  let connection: Connection | undefined;
  const close = async (): Promise<void> => {
    const last = connection;
    connection = undefined;
    await last?.client.end().catch(() => undefined);
  };
  const ask = async <T>(question: (client: Connection['client']) => Promise<T>): Promise<T> => {
    try {
      connection ??= await connect(url, schemas[0]!, 'reader', 'medkit standby');
      return await question(connection.client);
    } catch (error) {
      await close();
      throw postgresError(error, path);
    }
  };
  return {
    holder: () =>
      ask(async (client) => {
        for (const schema of schemas) {
          const holder = await lockHolder(client, schema);
          if (holder) return { ...holder, address: await publishedAddress(client, schema, holder.pid) };
        }
        return undefined;
      }),
    end: ({ pid }) => ask(async (client) => void (await client.query('SELECT pg_terminate_backend($1)', [pid]))),
    close,
  };
}
