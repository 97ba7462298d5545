import { fileURLToPath } from 'node:url';

/** The node map of the tank, for the OPC UA plugin of medkit. */
export const tankNodeMapFile = fileURLToPath(new URL('tank.yaml', import.meta.url));
