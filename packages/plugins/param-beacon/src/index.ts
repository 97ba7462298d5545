import { paramBeacon } from './param-beacon.ts';

/** Reads the hint parameters of every node. */
export const plugin = paramBeacon();
