import { ConfigRefused, type Notice } from './assignment.ts';
import { type GatewayConfig, nestConfig } from './gateway-config.ts';
import { type ConfigReading, type ConfigSources, readSources } from './read-sources.ts';

export interface LoadedConfig {
  readonly config: GatewayConfig;
  /** Messages for the operator, one line each. */
  readonly notices: readonly Notice[];
  /** The file that was read. */
  readonly file: string | undefined;
  /** Values with their origins, to explain the configuration of the running gateway. */
  readonly reading: ConfigReading;
}

/** Loads the configuration. Throws `ConfigRefused` if the gateway must not start with it. */
export async function loadConfig(sources: ConfigSources): Promise<LoadedConfig> {
  const reading = await readSources(sources);
  const { values, notices, refusals, remarks, file } = reading;
  if (refusals.length > 0) throw new ConfigRefused(refusals);
  return { config: nestConfig(values, reading), notices: [...notices, ...remarks], file, reading };
}
