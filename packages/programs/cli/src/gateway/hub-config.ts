import { systemFiles } from '@medkit/edges/node';
import {
  ConfigRefused,
  defaultConfigFile,
  type FlagValues,
  type GatewayConfig,
  type LoadedTenant,
  loadTenants,
} from '@medkit/gateway';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { foldersOf, readConfig } from './read-config.ts';

/** Settings that every hub has, independent of its configuration file. */
export const hubEnvironment = { MEDKIT_FLEET_ENABLED: 'true', MEDKIT_ROS_ENABLED: 'false' } as const;

/** The option of commands that need one hub. */
export const tenantOption = ['--tenant <name>', 'tenant of a hub that has tenants, see `hub tenants`'] as const;

export interface HubConfig {
  readonly config: GatewayConfig;
  /** Empty if the hub has no tenants. */
  readonly tenants: readonly LoadedTenant[];
}

/** Loads the configuration of a hub and of its tenants. Throws `CommandFailed` if one is invalid. */
export async function readHub(flags: FlagValues): Promise<HubConfig> {
  const environment = { ...process.env, ...hubEnvironment };
  const folders = foldersOf(environment);
  const defaultFile = defaultConfigFile(folders);
  const { config, reading } = await readConfig({ environment, flags, defaultFile });
  try {
    return { config, tenants: await loadTenants({ files: systemFiles, folders, flags, defaultFile }, reading) };
  } catch (error) {
    if (error instanceof ConfigRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw error;
  }
}

/** Loads the configuration of one hub: that of the tenant, if the hub has tenants. Throws `CommandFailed`. */
export async function readOneHub(flags: FlagValues, tenant: string | undefined): Promise<GatewayConfig> {
  const { config, tenants } = await readHub(flags);
  if (tenant === undefined && tenants.length === 0) return config;
  const found = tenants.find(({ name }) => name === tenant);
  if (found) return found.loaded.config;
  if (tenants.length === 0) throw new CommandFailed('this hub has no tenants: omit --tenant', ExitCode.usage);
  const names = tenants.map(({ name }) => name).join(', ');
  const problem = tenant === undefined ? 'this hub has tenants' : `this hub has no tenant "${tenant}"`;
  throw new CommandFailed(`${problem}: name one of ${names} with --tenant`, ExitCode.usage);
}
