/**
 * Properties of one vendor's DDS implementation that the standard leaves open, or in which the vendor deviates from it.
 */
export interface Vendor {
  /** Vendor id assigned by the OMG. */
  readonly id: number;
  /**
   * Base of the ACKNACK that the vendor's writers answer before their first heartbeat (RTPS 2.5, 8.4.2.3.4). Nearly all
   * vendors require at least 1.
   */
  readonly firstBase: 0 | 1;
  /**
   * Whether its writers send each new reader the first sequence number of the history that the reader is entitled to.
   */
  readonly tellsHistory: boolean;
  /** Where its participants announce the product version. */
  readonly version?: {
    /** A vendor-specific parameter id. Other vendors use the same number for other purposes. */
    readonly parameter: number;
    /** Reads the version from the parameter. Returns an empty string if it is not readable. */
    readonly read: (value: Uint8Array, littleEndian: boolean) => string;
  };
}

/** Reads a version of four octets: major, minor, patch and a fourth number that is omitted if 0. */
export function fourOctets(value: Uint8Array): string {
  if (value.length < 4) return '';
  const numbers = value.subarray(0, value[3] === 0 ? 3 : 4);
  return numbers.some((number) => number !== 0) ? numbers.join('.') : '';
}
