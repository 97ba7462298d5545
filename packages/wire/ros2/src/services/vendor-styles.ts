import { MEDKIT_VENDOR_ID } from '../graph/vendors.ts';
import { cycloneStyle } from './cyclone-style.ts';
import { fastDdsStyle } from './fast-dds-style.ts';
import type { ServiceStyle } from './style.ts';

/**
 * Style by vendor of the remote side. Two medkit processes use the style of rmw_fastrtps: messages stay unchanged, and
 * DDS-RPC 1.0 (7.8.2) also puts the identity into inline QoS. Other vendors are not contacted. A request in a foreign
 * style can make a server read its first octets as a length and exit (ros2/rmw_cyclonedds#577).
 */
const STYLES: ReadonlyMap<string, ServiceStyle> = new Map([
  ['010f', fastDdsStyle],
  ['0110', cycloneStyle],
  [MEDKIT_VENDOR_ID, fastDdsStyle],
]);

/** Returns the style for a vendor (four hex digits), or `undefined` if it is not supported. */
export const styleOf = (vendorId: string): ServiceStyle | undefined => STYLES.get(vendorId);
