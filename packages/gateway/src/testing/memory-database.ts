import type { Clock } from '@medkit/edges';
import { testStore } from '@medkit/store/testing';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { GATEWAY_TABLES } from '../gateway-database.ts';

/** A database in memory. */
export function memoryDatabase(clock: Clock): GatewayDatabase {
  const store = testStore({ clock, migrations: GATEWAY_TABLES });
  return { exists: async () => true, store: async () => store, close: () => store.close() };
}
