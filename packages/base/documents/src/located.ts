/** A YAML document as plain data in which every part has its position, such as `faults.yaml:12`. */
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
  /** The text as written in the document. */
  readonly text: string;
  /** Set for quoted text and block scalars, which ROS always reads as a string. */
  readonly isQuoted?: true;
}

/**
 * Returns whether a key is only for the author of a document, such as `x-defaults`: a section that aliases and merge
 * keys reference. No reader uses or reports such a key.
 */
export function isAuthorKey(name: string): boolean {
  return name.startsWith('x-');
}

/** Returns the part as JSON data, without positions. */
export function toPlainData(located: Located): unknown {
  if (located.kind === 'value') return located.value;
  if (located.kind === 'list') return located.items.map(toPlainData);
  return Object.fromEntries(located.entries.map(({ name, value }) => [name, toPlainData(value)]));
}

/** Returns the value of the key `name`, or `undefined` if the map has no such key. */
export function entryOf(map: LocatedMap, name: string): Located | undefined {
  return map.entries.find((entry) => entry.name === name)?.value;
}
