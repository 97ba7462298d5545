import { fileURLToPath } from 'node:url';

/** The configuration of a gateway to the demo robot. */
export const demoConfigurationFile = fileURLToPath(new URL('medkit.yaml', import.meta.url));
