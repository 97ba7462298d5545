/** What the type plate of a component says, and who read it. */
export interface Nameplate {
  readonly manufacturer?: string;
  readonly model?: string;
  readonly orderCode?: string;
  readonly serialNumber?: string;
  readonly hardwareRevision?: string;
  readonly firmwareVersion?: string;
  readonly softwareVersion?: string;
  readonly networkEndpoint?: string;
  readonly role?: string;
  readonly extra?: Readonly<Record<string, string>>;
  /** Who gave each field: `serial_number` → `manifest`, `extra.slot` → `inventory`. */
  readonly provenance?: Readonly<Record<string, string>>;
}

/** The fields of a nameplate that are texts. */
export type NameplateField = keyof Omit<Nameplate, 'extra' | 'provenance'>;

/** Those fields, each with the name it has in manifests, in inventories and in provenance. */
export const NAMEPLATE_FIELDS: readonly (readonly [field: NameplateField, name: string])[] = [
  ['manufacturer', 'manufacturer'],
  ['model', 'model'],
  ['orderCode', 'order_code'],
  ['serialNumber', 'serial_number'],
  ['hardwareRevision', 'hardware_revision'],
  ['firmwareVersion', 'firmware_version'],
  ['softwareVersion', 'software_version'],
  ['networkEndpoint', 'network_endpoint'],
  ['role', 'role'],
];
