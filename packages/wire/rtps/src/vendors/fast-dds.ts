import { fourOctets, type Vendor } from './vendor.ts';

/** eProsima. */
export const FAST_DDS: Vendor = {
  id: 0x010f,
  // It answers no other. Also what a reader acknowledged in a match before is sent again only to this base.
  firstBase: 0,
  tellsHistory: false,
  version: { parameter: 0x8000, read: fourOctets },
};

/** What it writes up to version 2, and the only one that it reads, for `PID_RELATED_SAMPLE_IDENTITY`. */
export const PID_RELATED_SAMPLE_IDENTITY_FAST_DDS = 0x800f;
