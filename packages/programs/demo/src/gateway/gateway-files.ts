import { fileURLToPath } from 'node:url';

/** The settings, as environment variables, with which a gateway shows the demo robot as its manifest has it. */
export const demoDiscovery: Readonly<Record<string, string>> = {
  MEDKIT_DISCOVERY_MODE: 'hybrid',
  MEDKIT_DISCOVERY_MANIFEST_PATH: fileURLToPath(new URL('manifest.yaml', import.meta.url)),
};

/** The configuration of a gateway to the demo robot. */
export const demoConfigurationFile = fileURLToPath(new URL('medkit.yaml', import.meta.url));

/** The file of the agent that tells a fleet of the demo robot. */
export const demoAgentFile = fileURLToPath(new URL('vda5050.yaml', import.meta.url));
