import type { Component, NameplateField } from '@medkit/core';
import { omitEmpty } from './omit-empty.ts';
import { nameplateFrom } from './read-identity.ts';

/** Source of the fields of an inventory. */
const INVENTORY = 'inventory';

/** Names of the nameplate fields in inventories, both YAML and CSV. */
export const NAMEPLATE_NAMES: Readonly<Record<NameplateField, readonly string[]>> = {
  manufacturer: ['manufacturer'],
  model: ['model'],
  orderCode: ['order_code', 'order_number'],
  serialNumber: ['serial', 'serial_number'],
  hardwareRevision: ['hardware_rev', 'hardware_revision', 'hw_rev'],
  firmwareVersion: ['firmware', 'firmware_version', 'fw'],
  softwareVersion: ['software_version'],
  networkEndpoint: ['endpoint', 'network_endpoint'],
  role: ['role'],
};

/** An asset of an inventory. */
export interface Asset extends Omit<Component, 'kind' | 'name' | 'source' | 'identity'> {
  readonly name?: string;
  readonly nameplate: { readonly [F in NameplateField]?: string | undefined };
  /** Values without a field, by their names. */
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * Converts an asset to a component. Without a name it is named after manufacturer and model; it has no namespace unless
 * the asset names one. Data from the robot fills these gaps.
 */
export function assetComponent({ nameplate, extra, ...asset }: Asset): Component {
  return {
    ...asset,
    kind: 'component',
    name: asset.name ?? `${nameplate.manufacturer ?? ''} ${nameplate.model ?? ''}`.trim(),
    source: INVENTORY,
    ...omitEmpty({ identity: nameplateFrom(nameplate, extra, INVENTORY) }),
  };
}
