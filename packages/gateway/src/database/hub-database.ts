import { hostname } from 'node:os';
import { resolve } from 'node:path';
import type { Log, RuntimeHealth } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Store } from '@medkit/store';
import { hasSchema, type PostgresAddress, type PostgresOptions, postgresStore } from '@medkit/store/postgres';
import type { GatewayConfig } from '../config/index.ts';

/**
 * Suffixes of the schemas of a hub's database in PostgreSQL. On SQLite, each is a file of the data folder. They are
 * separate, so that a copy of the record contains no secrets of accounts.
 */
const SUFFIXES = { fleet: '', gateway: '_gateway', accounts: '_accounts', audit: '_audit' } as const;

type HubPart = keyof typeof SUFFIXES;

/** Returns the schema of a part of a hub. */
export const hubSchema = ({ fleet }: Pick<GatewayConfig, 'fleet'>, part: HubPart): string =>
  fleet.schema + SUFFIXES[part];

/** Returns the schemas of all parts of a hub. */
export const hubSchemas = (config: Pick<GatewayConfig, 'fleet'>): readonly string[] =>
  (Object.keys(SUFFIXES) as HubPart[]).map((part) => hubSchema(config, part));

/** Parts that one hub alone has: it stores some of their content in memory. Commands for users open the others, too. */
export const LOCKED_PARTS: readonly HubPart[] = ['fleet', 'gateway'];
/** Interval in which a hub with `fleet.standby` proves to its standby that it runs. */
const HEARTBEAT_MS = 2000;

/** The database of a hub in PostgreSQL. */
export interface HubDatabase {
  /** Opens a part and migrates its tables. Throws a `StoreError` with the remedy, also if another hub has the part. */
  open(part: HubPart, options: PostgresOptions): Promise<Store>;
  /** Returns whether a part was ever opened. Throws a `StoreError` with the remedy if the server cannot be used. */
  exists(part: HubPart): Promise<boolean>;
  /** Calls `listener` after the connections of a part were opened again: its content may be older than before. */
  onReopened(part: HubPart, listener: () => void): void;
  /** Resolves with the reason if what this process has in memory is newer than the database: it must start again. */
  readonly outdated: Promise<string>;
  health(): RuntimeHealth;
}

interface HubDatabaseOptions {
  readonly config: Pick<GatewayConfig, 'fleet'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Returns the address that `fleet.database` states: a URL, or the path of a file with the URL. */
export const postgresAddress = (database: string): PostgresAddress =>
  /^\w+:\/\//.test(database) ? { url: database } : { urlFile: resolve(database) };

/** Returns the database that `fleet.database` names by its URL or by a file with the URL. */
export function hubDatabase({ config, clock, log }: HubDatabaseOptions): HubDatabase {
  const { database, standby, replica_address } = config.fleet;
  const address = postgresAddress(database);
  const opened = new Map<HubPart, Store>();
  const listeners = new Map<HubPart, () => void>();
  const warn = (message: string) => log('warn', message);
  const { promise: outdated, resolve: onOutdated } = Promise.withResolvers<string>();
  return {
    open: async (part, options) => {
      const schema = hubSchema(config, part);
      const onReopened = () => {
        log('info', `the database of the hub is available again (${schema})`);
        listeners.get(part)?.();
      };
      const lock = LOCKED_PARTS.includes(part)
        ? {
            owner: `medkit process ${process.pid} on ${hostname()}`,
            heartbeatMs: standby ? HEARTBEAT_MS : undefined,
            address: replica_address || undefined,
          }
        : undefined;
      const store = await postgresStore({
        ...{ ...address, ...options, schema, lock, clock, warn, onReopened },
        // Incidents, triggers and locks are in memory. The record of the fleet reads its positions again.
        ...(part === 'gateway' && { onOutdated }),
      });
      opened.set(part, store);
      return store;
    },
    exists: (part) => hasSchema(address, hubSchema(config, part)),
    outdated,
    onReopened: (part, listener) => void listeners.set(part, listener),
    health: () => ({ warnings: unavailable([...opened.values()]), blocks: databaseBlock(opened) }),
  };
}

function unavailable(stores: readonly Store[]): RuntimeHealth['warnings'] {
  const down = stores.map((store) => store.facts()).find(({ running }) => !running);
  if (!down) return [];
  const message =
    `The database ${down.path} is not available (${down.lastReason}). Until it is, robots keep their records, and requests ` +
    'that change the record of the hub are refused.';
  return [{ code: 'hub_database_unavailable', message }];
}

function databaseBlock(opened: ReadonlyMap<HubPart, Store>): RuntimeHealth['blocks'] {
  const [first] = opened.values();
  if (!first) return {};
  const parts = [...opened].map(([part, store]) => {
    const { running, ends, writesUnderWay, readsUnderWay } = store.facts();
    return [part, { running, ends_total: ends, writes_under_way: writesUnderWay, reads_under_way: readsUnderWay }];
  });
  return { 'x-medkit-fleet': { database: { path: first.facts().path, parts: Object.fromEntries(parts) } } };
}
