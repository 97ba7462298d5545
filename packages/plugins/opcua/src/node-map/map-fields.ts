import {
  isAuthorKey,
  type Located,
  type LocatedMap,
  type LocatedValue,
  nearestName,
  parseYamlBoolean,
  parseYamlNumber,
} from '@medkit/documents';
import { asWhole, type WholeRange } from './scalar-text.ts';
import type { Warnings } from './warnings.ts';

/** Maximum characters of a text in a node map. */
const MAX_TEXT_LENGTH = 1024;
/** Maximum characters of a value that a warning repeats. */
const MAX_QUOTED_CHARACTERS = 60;

/**
 * Reads the fields of a section. An invalid value causes a warning with its location and is treated as absent; absent
 * and empty values are `undefined`.
 */
export class MapFields {
  readonly at: string;
  readonly warnings: Warnings;
  readonly #map: LocatedMap;
  readonly #what: string;
  readonly #knownKeys = new Set<string>();

  /** `what` is the name of the section in warnings: `nodes[2]`. */
  constructor(map: LocatedMap, what: string, warnings: Warnings) {
    this.at = map.at;
    this.warnings = warnings;
    this.#map = map;
    this.#what = what;
  }

  /** Returns the value of `name`; `undefined` if it is absent or empty. */
  part(name: string): Located | undefined {
    this.#knownKeys.add(name);
    const value = this.#map.entries.find((entry) => entry.name === name)?.value;
    return value?.kind === 'value' && value.value === null ? undefined : value;
  }

  has(name: string): boolean {
    return this.part(name) !== undefined;
  }

  /** Returns a text of at most `maxLength` characters; numbers and booleans are returned as written. */
  text(name: string, maxLength = MAX_TEXT_LENGTH): string | undefined {
    const value = this.#single(name, 'a text');
    if (value === undefined || value.text.length <= maxLength) return value?.text;
    return this.#wrong(name, `a text of at most ${maxLength} characters`, value);
  }

  number(name: string): number | undefined {
    return this.#judged(name, 'a finite number', finiteNumberIn);
  }

  flag(name: string): boolean | undefined {
    return this.#judged(name, 'true or false', parseYamlBoolean);
  }

  /** Returns an integer within a range, including its ends. */
  whole(name: string, { min, max }: WholeRange): bigint | undefined {
    return this.#judged(name, `a whole number from ${min} to ${max}`, (text) => asWhole(text, { min, max }));
  }

  /** Returns one of the allowed words. */
  word<const W extends string>(name: string, allowed: readonly W[]): W | undefined {
    return this.#judged(name, `one of ${allowed.join(', ')}`, (text) => allowed.find((word) => word === text));
  }

  /** Returns the items of a list, at most `most`. */
  items(name: string, most: number): readonly Located[] | undefined {
    const part = this.part(name);
    if (part === undefined) return undefined;
    if (part.kind !== 'list') return this.#wrong(name, 'a list', part);
    if (part.items.length > most)
      this.warn(`${name}: only the first ${most} of ${part.items.length} are used`, part.at);
    return part.items.slice(0, most);
  }

  /** Returns the sections of a list, at most `most`; warns about other items. */
  sections(name: string, most: number): readonly MapFields[] | undefined {
    return this.items(name, most)?.flatMap((item, at) => {
      const what = `${this.#within(name)}[${at}]`;
      if (item.kind === 'map') return [new MapFields(item, what, this.warnings)];
      this.warnings.add(`${item.at}: ${what}: expected a section${foundText(item)}; it is skipped`);
      return [];
    });
  }

  /** Returns the texts of a list, at most `most`. */
  texts(name: string, most: number): readonly string[] | undefined {
    return this.items(name, most)?.flatMap((item) => {
      if (item.kind === 'value' && item.value !== null && item.text.length <= MAX_TEXT_LENGTH) return [item.text];
      this.warn(
        `${name}: expected texts of at most ${MAX_TEXT_LENGTH} characters${foundText(item)}; it is skipped`,
        item.at,
      );
      return [];
    });
  }

  section(name: string): MapFields | undefined {
    const part = this.part(name);
    if (part === undefined) return undefined;
    if (part.kind === 'map') return new MapFields(part, this.#within(name), this.warnings);
    return this.#wrong(name, 'a section', part);
  }

  warn(text: string, at = this.at): void {
    this.warnings.add(`${at}: ${this.#what === '' ? '' : `${this.#what}: `}${text}`);
  }

  /** Warns about every key that was not read. Returns those keys. */
  end(): readonly string[] {
    const unknown = this.#map.entries.filter(({ name }) => !this.#knownKeys.has(name) && !isAuthorKey(name));
    for (const { name, at } of unknown) {
      const nearest = nearestName(name, this.#knownKeys);
      const suggestion = nearest === undefined ? '' : `. Did you mean ${nearest}?`;
      this.warn(`unknown key ${name.slice(0, MAX_QUOTED_CHARACTERS)}${suggestion}`, at);
    }
    return unknown.map(({ name }) => name);
  }

  #judged<T>(name: string, expected: string, judge: (text: string) => T | undefined): T | undefined {
    const value = this.#single(name, expected);
    if (value === undefined) return undefined;
    return judge(value.text) ?? this.#wrong(name, expected, value);
  }

  #single(name: string, expected: string): LocatedValue | undefined {
    const part = this.part(name);
    return part === undefined || part.kind === 'value' ? part : this.#wrong(name, expected, part);
  }

  #wrong(name: string, expected: string, found: Located): undefined {
    this.warn(`${name}: expected ${expected}${foundText(found)}`, found.at);
  }

  #within(name: string): string {
    return this.#what === '' ? name : `${this.#what}.${name}`;
  }
}

function finiteNumberIn(text: string): number | undefined {
  const number = parseYamlNumber(text);
  return Number.isFinite(number) ? number : undefined;
}

function foundText(found: Located): string {
  if (found.kind !== 'value') return `, found a ${found.kind === 'map' ? 'section' : 'list'}`;
  const text =
    found.text.length > MAX_QUOTED_CHARACTERS ? `${found.text.slice(0, MAX_QUOTED_CHARACTERS)}…` : found.text;
  return `, found ${JSON.stringify(text)}`;
}
