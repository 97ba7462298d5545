/** The vendor id that medkit's RTPS participant announces. */
export const MEDKIT_VENDOR_ID = '014d';

const VENDORS: Readonly<Record<string, string>> = {
  '0101': 'RTI Connext DDS',
  '0102': 'OpenSplice DDS',
  '0103': 'OpenDDS',
  '0106': 'TwinOaks CoreDX DDS',
  '010f': 'Fast DDS',
  '0110': 'Cyclone DDS',
  '0111': 'GurumDDS',
  '0112': 'RustDDS',
  [MEDKIT_VENDOR_ID]: 'medkit',
};

/** Returns the name of a DDS implementation by its vendor id (four hex digits), or the id if it is unknown. */
export const vendorName = (vendorId: string): string => VENDORS[vendorId] ?? `0x${vendorId}`;
