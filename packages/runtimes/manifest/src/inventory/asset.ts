import type { Component, NameplateField } from '@medkit/core';
import { present } from '../document/present.ts';
import { stamped } from '../document/read-identity.ts';

/** Who gave what an inventory says. */
export const INVENTORY = 'inventory';

/** The names that the fields of a nameplate have in inventories, in files and in tables. */
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

/** What an inventory says of one thing. */
export interface Asset extends Omit<Component, 'kind' | 'name' | 'source' | 'identity'> {
  readonly name?: string;
  readonly nameplate: { readonly [F in NameplateField]?: string | undefined };
  /** What has no field of its own, under its own name. */
  readonly extra: Readonly<Record<string, string>>;
}

/**
 * An asset as a component. It has no namespace unless it says so, and none of its own name but maker and model: what a
 * robot knows of itself fills those gaps.
 */
export function assetComponent({ nameplate, extra, ...asset }: Asset): Component {
  return {
    ...asset,
    kind: 'component',
    name: asset.name ?? `${nameplate.manufacturer ?? ''} ${nameplate.model ?? ''}`.trim(),
    source: INVENTORY,
    ...present({ identity: stamped(nameplate, extra, INVENTORY) }),
  };
}
