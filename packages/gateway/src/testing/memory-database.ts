import type { Clock } from '@medkit/edges';
import { memoryStore } from '@medkit/store';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { GATEWAY_TABLES } from '../gateway-database.ts';

/** A database in memory. */
export function memoryDatabase(clock: Clock): GatewayDatabase {
  const store = memoryStore({ clock, migrations: GATEWAY_TABLES });
  return { exists: async () => true, store: async () => store, close: () => store.close() };
}
