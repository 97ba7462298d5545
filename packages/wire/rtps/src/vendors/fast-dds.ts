import { fourOctets, type Vendor } from './vendor.ts';

/** eProsima Fast DDS. */
export const FAST_DDS: Vendor = {
  id: 0x010f,
  // Fast DDS answers no other base. It also resends samples that the reader acknowledged in an earlier match only to
  // this base.
  firstBase: 0,
  tellsHistory: false,
  version: { parameter: 0x8000, read: fourOctets },
};
