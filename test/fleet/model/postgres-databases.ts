import { systemClock } from '@medkit/edges/node';
import { FLEET_TABLES } from '@medkit/fleet';
import type { Store } from '@medkit/store';
import { postgresStore } from '@medkit/store/postgres';
import type { Postgres } from '../../harness/postgres.ts';
import type { ModelDatabases } from './copy-store.ts';

/** Databases of a model in schemas of a server. A copy is a schema that no process uses. */
export function postgresDatabases(server: Postgres): ModelDatabases {
  const schemas = new Map<Store, string>();
  let count = 0;
  const next = (): string => `model_${++count}`;
  return {
    hasPartitions: true,
    open: async (_clock, copy) => {
      const schema = next();
      const { url } = server;
      const options = { schema, migrations: FLEET_TABLES, clock: systemClock, warn: () => undefined };
      const store = await postgresStore({ url, ...options });
      schemas.set(store, schema);
      if (copy !== undefined) server.psql(copyRows(String(copy), schema));
      return store;
    },
    copyOf: async (store) => {
      // The reads of a store wait for the writes that were acknowledged.
      const copy = next();
      server.psql(copyTables(schemas.get(store)!, copy));
      return copy;
    },
  };
}

/** The rows of a partition are those of its table. */
const TABLES = (schema: string): string =>
  `SELECT relname AS name FROM pg_class WHERE relnamespace = '${schema}'::regnamespace AND relkind IN ('r', 'p')
     AND NOT relispartition AND relname <> 'schema_migrations'`;

const copyTables = (from: string, to: string): string => `DO $$ DECLARE each record; BEGIN
  CREATE SCHEMA ${to};
  FOR each IN ${TABLES(from)} LOOP EXECUTE format('CREATE TABLE ${to}.%I AS TABLE ${from}.%I', each.name, each.name); END LOOP;
END $$`;

/** Identity columns continue after the largest number. */
const copyRows = (from: string, to: string): string => `DO $$ DECLARE each record; BEGIN
  FOR each IN ${TABLES(to)} LOOP
    EXECUTE format('DELETE FROM ${to}.%I', each.name);
    EXECUTE format('INSERT INTO ${to}.%I SELECT * FROM ${from}.%I', each.name, each.name);
  END LOOP;
  FOR each IN SELECT table_name AS name, column_name AS number FROM information_schema.columns
              WHERE table_schema = '${to}' AND is_identity = 'YES' LOOP
    EXECUTE format('SELECT setval(pg_get_serial_sequence(%L, %L), coalesce(max(%I), 0) + 1, false) FROM ${to}.%I',
      '${to}.' || each.name, each.number, each.number, each.name);
  END LOOP;
END $$`;
