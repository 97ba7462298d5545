import type { Log } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { GatewayConfig } from '../config/index.ts';
import type { HubDatabase } from './hub-database.ts';

interface Options {
  readonly config: Pick<GatewayConfig, 'fleet'>;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Returns the database in PostgreSQL that `fleet.database` names; `undefined` if the record is in files of the data
 * folder. Its code is loaded only in the first case. Independent of `fleet.enabled`, which `medkit hub` sets: the commands
 * of accounts must find the same users.
 */
export async function configuredHubDatabase(options: Options): Promise<HubDatabase | undefined> {
  if (options.config.fleet.database === 'sqlite') return undefined;
  const { hubDatabase } = await import('./hub-database.ts');
  return hubDatabase(options);
}
