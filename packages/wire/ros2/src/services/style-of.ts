import { OUR_VENDOR_ID } from '../graph/vendors.ts';
import { cycloneStyle } from './cyclone-style.ts';
import { fastDdsStyle } from './fast-dds-style.ts';
import type { ServiceStyle } from './style.ts';

/**
 * By the vendor of the other side. Between two medkits it is that of rmw_fastrtps: messages stay as they are, and inline QoS
 * is where DDS-RPC 1.0 (7.8.2) has the identity as well. What is not listed is left alone: a request in a foreign style can
 * make a server take its first octets for a length and end it (ros2/rmw_cyclonedds#577).
 */
const STYLES: ReadonlyMap<string, ServiceStyle> = new Map([
  ['010f', fastDdsStyle],
  ['0110', cycloneStyle],
  [OUR_VENDOR_ID, fastDdsStyle],
]);

/** How to talk to services and clients of a vendor (four hex digits); `undefined` where that is not known. */
export const styleOf = (vendorId: string): ServiceStyle | undefined => STYLES.get(vendorId);
