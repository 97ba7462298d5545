/** The nameplate of a component, with the source of each field. */
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
  /** Source of each field: `serial_number` → `manifest`, `extra.slot` → `inventory`. */
  readonly provenance?: Readonly<Record<string, string>>;
}

/** Nameplate fields whose value is text. */
export type NameplateField = keyof Omit<Nameplate, 'extra' | 'provenance'>;

/** The text fields, each with its name in manifests, inventories and provenance. */
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
