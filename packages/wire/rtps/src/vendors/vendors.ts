import { vendorName } from '../wire/protocol.ts';
import { CONNEXT } from './connext.ts';
import { CYCLONE_DDS } from './cyclone-dds.ts';
import { FAST_DDS } from './fast-dds.ts';
import { MEDKIT } from './medkit.ts';
import type { Vendor } from './vendor.ts';

const VENDORS: readonly Vendor[] = [CONNEXT, CYCLONE_DDS, FAST_DDS, MEDKIT];

const BY_NAME: ReadonlyMap<string, Vendor> = new Map(VENDORS.map((vendor) => [vendorName(vendor.id), vendor]));

/** Returns the properties of a vendor. Unknown vendors are assumed to follow the standard. */
export function vendorNamed(name: string): Vendor {
  return BY_NAME.get(name) ?? { id: Number.parseInt(name, 16), firstBase: 1, tellsHistory: false };
}

/** The parameter ids in which any known vendor announces its version. */
export const VERSION_PARAMETERS: ReadonlySet<number> = new Set(
  VENDORS.flatMap(({ version }) => (version ? [version.parameter] : [])),
);

/**
 * Returns the version of the DDS implementation from vendor-specific parameters, or an empty string if it is absent or
 * not readable. Only displays use it.
 */
export function productVersion(id: number, parameters: ReadonlyMap<number, Uint8Array>, littleEndian: boolean): string {
  const { version } = vendorNamed(vendorName(id));
  const value = version && parameters.get(version.parameter);
  return value ? version.read(value, littleEndian) : '';
}
