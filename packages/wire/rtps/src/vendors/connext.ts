import { fourOctets, type Vendor } from './vendor.ts';

/** RTI Connext DDS. */
export const CONNEXT: Vendor = {
  id: 0x0101,
  firstBase: 1,
  tellsHistory: false,
  version: { parameter: 0x8000, read: fourOctets },
};
