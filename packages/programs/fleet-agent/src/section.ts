import {
  isAuthorKey,
  type Located,
  type LocatedMap,
  type LocatedValue,
  nearestName,
  parseYamlBoolean,
  parseYamlNumber,
} from '@medkit/documents';

interface Range {
  readonly least: number;
  readonly most: number;
}

/**
 * Reads the fields of a section of the agent file. `finish` reports fields that were not read as unknown. A problem is
 * reported with line and full name, and the field counts as absent.
 */
export class Section {
  readonly at: string;
  readonly #map: LocatedMap;
  readonly #name: string;
  readonly #problems: string[];
  readonly #readKeys = new Set<string>();

  /** `name` is the name of the section in messages, such as `broker`; empty for the whole file. */
  constructor(map: LocatedMap, name: string, problems: string[]) {
    this.at = map.at;
    this.#map = map;
    this.#name = name;
    this.#problems = problems;
  }

  get names(): readonly string[] {
    return this.#map.entries.map(({ name }) => name);
  }

  /** Returns the place of a field, such as `vda5050.yaml:12`. */
  place(name: string): string {
    return this.#map.entries.find((entry) => entry.name === name)?.at ?? this.at;
  }

  /** Returns the value of a field, or `undefined` if it is absent or empty. */
  part(name: string): Located | undefined {
    this.#readKeys.add(name);
    const part = this.#map.entries.find((entry) => entry.name === name)?.value;
    return part?.kind === 'value' && part.value === null ? undefined : part;
  }

  single(name: string): LocatedValue | undefined {
    const part = this.part(name);
    if (part === undefined || part.kind === 'value') return part;
    return this.refuse(name, 'expected a single value');
  }

  text(name: string): string | undefined {
    return this.single(name)?.text;
  }

  /** Reads a required text. */
  needed(name: string): string {
    const part = this.part(name);
    if (part === undefined) this.refuse(name, 'is missing');
    else if (part.kind !== 'value') this.refuse(name, 'expected a single value');
    else return part.text;
    return '';
  }

  number(name: string, { least, most }: Range): number | undefined {
    const found = this.single(name);
    if (found === undefined) return undefined;
    const number = parseYamlNumber(found.text);
    if (number !== undefined && number >= least && number <= most) return number;
    return this.refuse(name, `expected a number from ${least} to ${most}, found "${found.text}"`);
  }

  flag(name: string): boolean | undefined {
    const found = this.single(name);
    if (found === undefined) return undefined;
    return parseYamlBoolean(found.text) ?? this.refuse(name, `expected true or false, found "${found.text}"`);
  }

  choice<Word extends string>(name: string, allowed: readonly Word[]): Word | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const isOn = parseYamlBoolean(text);
    const word = allowed.find((word) => word === text || (isOn !== undefined && parseYamlBoolean(word) === isOn));
    return word ?? this.refuse(name, `expected ${allowed.join(', ')}, found "${text}"${suggestion(text, allowed)}`);
  }

  /** Reads a list of texts; a single text may be given without a list. */
  texts(name: string): readonly string[] | undefined {
    const part = this.part(name);
    if (part === undefined) return undefined;
    const items = part.kind === 'list' ? part.items : [part];
    if (items.every((item) => item.kind === 'value')) return items.map((item) => (item as LocatedValue).text);
    return this.refuse(name, 'expected a list of texts');
  }

  section(name: string): Section | undefined {
    const part = this.part(name);
    if (part === undefined) return undefined;
    if (part.kind === 'map') return new Section(part, this.#within(name), this.#problems);
    return this.refuse(name, 'expected a section');
  }

  sections(name: string): readonly Section[] {
    const part = this.part(name);
    if (part === undefined) return [];
    if (part.kind !== 'list') {
      this.refuse(name, 'expected a list of sections');
      return [];
    }
    return part.items.flatMap((item, index) => {
      const itemName = `${this.#within(name)}[${index}]`;
      if (item.kind === 'map') return [new Section(item, itemName, this.#problems)];
      this.#problems.push(`${item.at}: ${itemName}: expected a section`);
      return [];
    });
  }

  /** Reports a problem of a field, which then counts as absent. */
  refuse(name: string, what: string): undefined {
    this.#problems.push(`${this.place(name)}: ${this.#within(name)}: ${what}`);
  }

  /** Reports every unknown field. */
  finish(): void {
    for (const name of this.names)
      if (!this.#readKeys.has(name) && !isAuthorKey(name))
        this.refuse(name, `no such key${suggestion(name, this.#readKeys)}`);
  }

  #within(name: string): string {
    return [this.#name, name].filter((part) => part !== '').join('.');
  }
}

function suggestion(name: string, names: Iterable<string>): string {
  const nearest = nearestName(name, names);
  return nearest === undefined ? '' : `. Did you mean ${nearest}?`;
}
