/** A YAML document as plain data in which every part knows where it stands, as `faults.yaml:12`. */
export type Located = LocatedMap | LocatedList | LocatedValue;

export interface LocatedMap {
  readonly kind: 'map';
  readonly at: string;
  readonly entries: readonly LocatedEntry[];
}

export interface LocatedEntry {
  readonly name: string;
  readonly at: string;
  readonly value: Located;
}

export interface LocatedList {
  readonly kind: 'list';
  readonly at: string;
  readonly items: readonly Located[];
}

export interface LocatedValue {
  readonly kind: 'value';
  readonly at: string;
  readonly value: string | number | boolean | null;
  /** As it is written. */
  readonly text: string;
  /** The text is in quotation marks, or a block: ROS takes it for a text whatever it says. */
  readonly isQuoted?: true;
}

/**
 * Whether a key is for the author of a document alone, as `x-defaults`: the place for sections that aliases and merge keys
 * name. No reader uses or reports such a key.
 */
export function isAuthorKey(name: string): boolean {
  return name.startsWith('x-');
}

/** The part as JSON has it, without its places. */
export function plainOf(located: Located): unknown {
  if (located.kind === 'value') return located.value;
  if (located.kind === 'list') return located.items.map(plainOf);
  return Object.fromEntries(located.entries.map(({ name, value }) => [name, plainOf(value)]));
}

/** The value below `name`, if there is one. */
export function entryOf(map: LocatedMap, name: string): Located | undefined {
  return map.entries.find((entry) => entry.name === name)?.value;
}
