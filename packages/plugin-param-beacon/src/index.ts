import { paramBeacon } from './param-beacon.ts';

export type { Options as ParamBeaconOptions } from './options.ts';
export { type HintClientFactory, paramBeacon } from './param-beacon.ts';
export type { HintClient } from './parameters/read-hint.ts';

/** Asks every node for what its parameters say of it. */
export const plugin = paramBeacon();
