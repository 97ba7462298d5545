import { paramBeacon } from './param-beacon.ts';

/** Asks every node for what its parameters say of it. */
export const plugin = paramBeacon();
