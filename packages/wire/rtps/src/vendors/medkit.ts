import { MEDKIT_VENDOR } from '../wire/protocol.ts';
import type { Vendor } from './vendor.ts';

/** Other medkit processes. */
export const MEDKIT: Vendor = { id: MEDKIT_VENDOR, firstBase: 1, tellsHistory: true };
