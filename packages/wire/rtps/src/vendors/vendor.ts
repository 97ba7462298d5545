/** What is particular about the DDS implementation of one vendor, as far as the standard leaves it open or the vendor does. */
export interface Vendor {
  /** As OMG assigned it. */
  readonly id: number;
  /** Base of the ACKNACK that its writers answer before their first heartbeat (RTPS 2.5, 8.4.2.3.4): nearly all want at least 1. */
  readonly firstBase: 0 | 1;
  /** Its writers tell each new reader from where on it has a claim to what they keep. */
  readonly tellsHistory: boolean;
  /** Where its participants announce the version of the product. */
  readonly version?: {
    /** A parameter of the vendor's own, whose number others use otherwise. */
    readonly parameter: number;
    /** The version in that parameter; empty where it cannot be read. */
    readonly read: (value: Uint8Array, littleEndian: boolean) => string;
  };
}

/** Major, minor, patch, and a fourth number that is seldom used, an octet each. */
export function fourOctets(value: Uint8Array): string {
  if (value.length < 4) return '';
  const numbers = value.subarray(0, value[3] === 0 ? 3 : 4);
  return numbers.some((number) => number !== 0) ? numbers.join('.') : '';
}
