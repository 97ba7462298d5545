import {
  entryOf,
  isAuthorKey,
  type LocatedMap,
  type LocatedValue,
  type Notice,
  parseYamlBoolean,
  parseYamlInteger,
} from '@medkit/documents';

/** Reads the fields of one section and collects their errors. */
export class RuleFields {
  readonly at: string;
  readonly #map: LocatedMap;
  readonly #name: string;
  readonly #notices: Notice[];
  readonly #read = new Set<string>();

  constructor(map: LocatedMap, name: string, notices: Notice[]) {
    this.at = map.at;
    this.#map = map;
    this.#name = name;
    this.#notices = notices;
  }

  text(name: string, otherwise: string): string {
    return this.#value(name, otherwise, 'text', ({ value }) => (typeof value === 'string' ? value : undefined));
  }

  flag(name: string, otherwise: boolean): boolean {
    return this.#value(name, otherwise, 'true or false', ({ text }) => parseYamlBoolean(text));
  }

  /** Reads a whole number from 1. */
  count(name: string, otherwise: number): number {
    const judge = ({ value, text }: LocatedValue) => {
      const number = typeof value === 'number' ? value : Number(parseYamlInteger(text) ?? 0);
      return Number.isSafeInteger(number) && number >= 1 ? number : undefined;
    };
    return this.#value(name, otherwise, 'a whole number from 1', judge);
  }

  /** Reads one of these words, which are given in lower case. */
  word<Meaning extends string>(name: string, keywords: Readonly<Record<string, Meaning>>, otherwise: Meaning): Meaning {
    const judge = ({ value }: LocatedValue) => {
      const word = String(value).toLowerCase();
      return Object.hasOwn(keywords, word) ? keywords[word] : undefined;
    };
    return this.#value(name, otherwise, `one of ${[...new Set(Object.values(keywords))].join(', ')}`, judge);
  }

  /** Reads a list of texts; `what` names them in errors. */
  texts(name: string, what = 'codes'): readonly string[] {
    this.#read.add(name);
    const found = entryOf(this.#map, name);
    if (found === undefined) return [];
    const items = found.kind === 'list' ? found.items : [];
    const texts = items.flatMap((item) => (item.kind === 'value' && item.value !== null ? [item.text] : []));
    if (found.kind !== 'list' || texts.length < items.length) this.error(found.at, `${name} must be a list of ${what}`);
    return texts;
  }

  has(name: string): boolean {
    return entryOf(this.#map, name) !== undefined;
  }

  /** Reads the section `name`, if it exists. */
  section(name: string): RuleFields | undefined {
    this.#read.add(name);
    const found = entryOf(this.#map, name);
    if (found === undefined) return undefined;
    if (found.kind === 'map') return new RuleFields(found, `${this.#name}: ${name}`, this.#notices);
    this.error(found.at, `${name} must be a section`);
    return undefined;
  }

  /** Reads the sections of the list `name`. */
  sections(name: string): readonly RuleFields[] {
    this.#read.add(name);
    const found = entryOf(this.#map, name);
    if (found === undefined) return [];
    if (found.kind !== 'list') this.error(found.at, `${name} must be a list of sections`);
    return (found.kind === 'list' ? found.items : []).flatMap((item) => {
      if (item.kind === 'map') return [new RuleFields(item, `${this.#name}: ${name}`, this.#notices)];
      this.error(item.at, `${name} must contain only sections`);
      return [];
    });
  }

  /** Reads the sections below this one, by name. */
  named(): readonly (readonly [string, RuleFields])[] {
    return this.#map.entries.flatMap(({ name, at, value }) => {
      this.#read.add(name);
      if (value.kind === 'map')
        return [[name, new RuleFields(value, `${this.#name}: ${name}`, this.#notices)] as const];
      this.error(at, `${name} must be a section`);
      return [];
    });
  }

  error(at: string, text: string): void {
    this.#notices.push({ level: 'error', text: `${at}: ${this.#name}: ${text}` });
  }

  warn(text: string): void {
    this.#notices.push({ level: 'warning', text: `${this.at}: ${this.#name}: ${text}` });
  }

  /** Warns about fields that were not read; call it at the end. */
  warnOfOthers(): void {
    for (const { name, at } of this.#map.entries) {
      if (this.#read.has(name) || isAuthorKey(name)) continue;
      this.#notices.push({ level: 'warning', text: `${at}: ${this.#name}: ${name} is unknown and is ignored` });
    }
  }

  #value<T>(name: string, otherwise: T, wanted: string, judge: (value: LocatedValue) => T | undefined): T {
    this.#read.add(name);
    const found = entryOf(this.#map, name);
    if (found === undefined) return otherwise;
    const judged = found.kind === 'value' ? judge(found) : undefined;
    if (judged !== undefined) return judged;
    const written = found.kind === 'value' ? `, not "${found.text}"` : '';
    this.error(found.at, `${name} must be ${wanted}${written}`);
    return otherwise;
  }
}
