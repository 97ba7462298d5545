import {
  ConfigRefused,
  type ConfigSources,
  type Environment,
  type GatewayConfig,
  type LoadedConfig,
  loadTenants,
  type RunningGateway,
  StartRefused,
  startGateway,
} from '@medkit/gateway';
import type { StandbyEnd } from '@medkit/gateway/standby';
import { ExitCode } from '../command/exit-code.ts';
import { CommandFailed } from '../command/failure.ts';
import { printError } from '../command/print-error.ts';
import { pagesFolder } from './pages-folder.ts';

type Running = Pick<RunningGateway, 'close' | 'reload' | 'url'>;

/** Starts the hubs of all tenants. Throws `CommandFailed` if the configuration of one is invalid, or the port is in use. */
export async function serveTenants(
  { config, reading }: Pick<LoadedConfig, 'config' | 'reading'>,
  sources: ConfigSources,
): Promise<Running> {
  try {
    const tenants = await loadTenants(sources, reading);
    for (const { name, loaded } of tenants) {
      for (const { level, text } of loaded.notices) printError(`${level}: tenant ${name}: ${text}`);
    }
    const { startTenants } = await import('@medkit/gateway/tenants');
    const { environment } = sources.folders;
    return await startTenants({ config, tenants, environment, pagesFolder: pagesFolder() });
  } catch (error) {
    if (error instanceof ConfigRefused) throw new CommandFailed(error.message, ExitCode.configuration);
    throw startFailure(error);
  }
}

/** Starts the gateway on the domain of its configuration. `held` are the uplinks that it held as a standby. Throws `CommandFailed` if the port is in use. */
export async function serve(
  { config, reading }: Pick<LoadedConfig, 'config' | 'reading'>,
  environment: Environment,
  held?: StandbyEnd['held'],
): Promise<RunningGateway> {
  try {
    return await startGateway({ config, reading, environment, pagesFolder: pagesFolder(), held });
  } catch (error) {
    throw startFailure(error);
  }
}

/**
 * Waits while another process has the database of a hub with a standby; does nothing for other gateways. Throws
 * `CommandFailed` if the port is in use.
 */
export async function standBy(
  config: GatewayConfig,
  environment: Environment,
  signal: AbortSignal,
): Promise<StandbyEnd> {
  if (!config.fleet.enabled || !config.fleet.standby) return { isFree: true };
  const gateway = await import('@medkit/gateway/standby');
  try {
    return await gateway.standBy({ config, environment, signal });
  } catch (error) {
    throw startFailure(error);
  }
}

function startFailure(error: unknown): unknown {
  const isTaken = error instanceof StartRefused && error.code === 'EADDRINUSE';
  return isTaken ? new CommandFailed(error.message, ExitCode.portTaken) : error;
}
