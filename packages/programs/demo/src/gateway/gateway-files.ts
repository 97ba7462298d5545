import { fileURLToPath } from 'node:url';
import { tankNodeMapFile } from '@medkit/plc';

/** The settings, as environment variables, with which a gateway shows the demo robot as its manifest has it. */
export const demoDiscovery: Readonly<Record<string, string>> = {
  MEDKIT_DISCOVERY_MODE: 'hybrid',
  MEDKIT_DISCOVERY_MANIFEST_PATH: fileURLToPath(new URL('manifest.yaml', import.meta.url)),
};

/** The plugins of `medkit.yaml`, in its order, and the one for PLCs. */
export const PLUGINS_WITH_PLC = [
  'graph_watchdog',
  'linux',
  'graph-provider',
  'parameter_beacon',
  'topic_beacon',
  'sovd_service_interface',
  'opcua',
] as const;

/** The name of the folder of fragments of the manifest that are for the filling station alone. */
const STATION_FRAGMENTS = fileURLToPath(new URL('station', import.meta.url));

/** What a gateway to the demo robot is told to show its filling station as well: environment variables, and words for `--set`. */
export function stationSettings(endpointUrl: string) {
  const options = {
    endpoint_url: endpointUrl,
    node_map_path: tankNodeMapFile,
    prefer_subscriptions: true,
    subscription_interval_ms: 100,
    auto_alarms: true,
    // On a busy machine the station starts long after the gateway, and the fault of that would be taken for the cause of what follows.
    comms_lost_debounce_ms: 30_000,
  };
  return {
    environment: {
      MEDKIT_PLUGINS: PLUGINS_WITH_PLC.join(','),
      MEDKIT_DISCOVERY_MANIFEST_FRAGMENTS_DIR: STATION_FRAGMENTS,
    },
    set: Object.entries(options).map(([key, value]) => `plugins.opcua.${key}=${value}`),
  };
}

/** The configuration of a gateway to the demo robot. */
export const demoConfigurationFile = fileURLToPath(new URL('medkit.yaml', import.meta.url));

/** The file of the agent that tells a fleet of the demo robot. */
export const demoAgentFile = fileURLToPath(new URL('vda5050.yaml', import.meta.url));
