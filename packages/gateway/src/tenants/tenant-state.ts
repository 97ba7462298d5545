import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FLEET_TABLES } from '@medkit/fleet';
import { isLockHeld, readDatabaseFile } from '@medkit/store';
import type { GatewayConfig } from '../config/index.ts';

export interface TenantState {
  readonly state: 'running' | 'stopped';
  /** Robots that are enrolled or wait for approval; absent for a record on PostgreSQL. */
  readonly robots?: number;
}

/** Returns the state of a tenant from its data folder, also while its hub runs. Throws a `StoreError`. */
export async function tenantState({ data_dir, fleet }: GatewayConfig): Promise<TenantState> {
  const lockPath = join(data_dir, 'gateway.lock');
  const path = join(data_dir, 'fleet.db');
  const state = isLockHeld(lockPath) ? 'running' : 'stopped';
  if (fleet.database !== 'sqlite' || !existsSync(path)) return { state };
  const robots = await readDatabaseFile({ path, lockPath, migrations: FLEET_TABLES }, (read) =>
    Number(read("SELECT count(*) AS robots FROM fleet_robots WHERE state IN ('approved', 'pending')")[0]?.['robots']),
  );
  return { state, robots };
}
