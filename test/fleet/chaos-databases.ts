import { systemClock } from '@medkit/edges/node';
import { FLEET_TABLES } from '@medkit/fleet';
import { memoryStore, type Store, StoreFull } from '@medkit/store';
import { hubDatabase } from '../../packages/gateway/src/database/hub-database.ts';
import type { testHub } from '../../packages/gateway/src/testing/test-hub.ts';
import { type Postgres, startPostgres } from '../harness/postgres.ts';
import { missingSystemPackages } from '../harness/system-packages.ts';

/** The database of one hub. */
export interface ChaosDatabase {
  readonly parts: NonNullable<Parameters<typeof testHub>[1]>;
  /** Reads the record of the hub. */
  read: Store['read'];
  /** Fills its disk, or makes room on it: the database stores no further records in between. */
  setFull(isFull: boolean): void;
}

/** An engine on which the record of a hub may be. */
export interface ChaosEngine extends AsyncDisposable {
  /** Creates an empty database. */
  create(): ChaosDatabase;
}

/** The engines by name, and why a test cannot run on one. */
export const CHAOS_ENGINES: readonly {
  readonly name: string;
  readonly skip?: string | undefined;
  readonly start: () => Promise<ChaosEngine>;
}[] = [
  { name: 'SQLite', start: async () => sqlite },
  { name: 'PostgreSQL', skip: missingSystemPackages('postgres'), start: async () => postgres(await startPostgres()) },
];

const sqlite: ChaosEngine = {
  create: () => {
    const store = memoryStore({ clock: systemClock, migrations: FLEET_TABLES });
    let isFull = false;
    const limited: Store = {
      ...store,
      write: async (...write) => {
        if (isFull) throw new StoreFull('fleet.db is full: make room on the disk');
        return store.write(...write);
      },
    };
    return {
      parts: { openFleetStore: async () => limited },
      read: store.read,
      setFull: (now) => {
        isFull = now;
      },
    };
  },
  [Symbol.asyncDispose]: async () => undefined,
};

/** What the server reports of a table whose disk is full. */
const DISK_FULL = `CREATE OR REPLACE FUNCTION disk_full() RETURNS trigger LANGUAGE plpgsql
  AS $$ BEGIN RAISE EXCEPTION 'could not extend file: No space left on device' USING ERRCODE = 'disk_full'; END $$`;

function postgres(server: Postgres): ChaosEngine {
  let count = 0;
  return {
    create: () => {
      const schema = `chaos_${++count}`;
      const config = { fleet: { database: server.url, schema } } as Parameters<typeof hubDatabase>[0]['config'];
      const database = hubDatabase({ config, clock: systemClock, log: () => undefined });
      let opened: Store | undefined;
      return {
        parts: {
          hubDatabase: database,
          openFleetStore: async () => {
            opened = await database.open('fleet', { migrations: FLEET_TABLES });
            return opened;
          },
        },
        read: async (...read) => opened!.read(...read),
        setFull: (isFull) => {
          server.psql(
            isFull
              ? `${DISK_FULL}; CREATE TRIGGER disk_full BEFORE INSERT ON ${schema}.fleet_events EXECUTE FUNCTION disk_full()`
              : `DROP TRIGGER disk_full ON ${schema}.fleet_events`,
          );
        },
      };
    },
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
