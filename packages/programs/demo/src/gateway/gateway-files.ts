import { fileURLToPath } from 'node:url';
import { tankNodeMapFile } from '@medkit/plc';

/** Settings, as environment variables, that make a gateway use the manifest of the demo robot. */
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

/** Folder with the manifest fragments of the filling station. */
const STATION_FRAGMENTS = fileURLToPath(new URL('station', import.meta.url));

/** Settings that add the filling station to the gateway: environment variables, and values for `--set`. */
export function stationSettings(endpointUrl: string) {
  const options = {
    endpoint_url: endpointUrl,
    node_map_path: tankNodeMapFile,
    prefer_subscriptions: true,
    subscription_interval_ms: 100,
    auto_alarms: true,
    // On a busy machine the station starts long after the gateway; that fault would count as the cause of later faults.
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

/** Configuration file of the gateway of the demo robot. */
export const demoConfigurationFile = fileURLToPath(new URL('medkit.yaml', import.meta.url));

/** Agent file of the demo robot. */
export const demoAgentFile = fileURLToPath(new URL('vda5050.yaml', import.meta.url));
