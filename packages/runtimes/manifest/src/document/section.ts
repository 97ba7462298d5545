import {
  isAuthorKey,
  type Located,
  type LocatedList,
  type LocatedMap,
  type LocatedValue,
  nearestName,
  parseYamlBoolean,
  parseYamlInteger,
} from '@medkit/documents';
import { type Finding, finding } from './finding.ts';
import type { RuleId } from './rules.ts';

/**
 * Reads the fields of a section. Every requested field counts as known; `finish` reports the others. A value of the
 * wrong type is reported and treated as absent, like an empty one.
 */
export class Section {
  readonly at: string;
  readonly places = new Map<string, string>();
  readonly #map: LocatedMap;
  readonly #what: string;
  readonly #findings: Finding[];
  readonly #known = new Set<string>();
  readonly #wrongShape: RuleId;

  /** `what` is the name of the section in messages: `apps[2]`. */
  constructor(map: LocatedMap, what: string, findings: Finding[], wrongShape: RuleId = 'M007') {
    this.at = map.at;
    this.#map = map;
    this.#what = what;
    this.#findings = findings;
    this.#wrongShape = wrongShape;
    for (const { name, at } of map.entries) this.places.set(name, at);
  }

  /** Returns the location of a field. */
  place(name: string): string {
    return this.places.get(name) ?? this.at;
  }

  /** Returns the value of `name`; `undefined` if it is absent or empty. */
  part(name: string): Located | undefined {
    this.#known.add(name);
    const value = this.#map.entries.find((entry) => entry.name === name)?.value;
    return value?.kind === 'value' && value.value === null ? undefined : value;
  }

  /** Marks keys as known that have no meaning here. */
  pass(...names: readonly string[]): void {
    for (const name of names) this.#known.add(name);
  }

  /** Returns the text of the first key in `names` that is present. */
  text(...names: readonly string[]): string | undefined {
    let found: LocatedValue | undefined;
    for (const name of names) found ??= this.#single(name);
    return found?.text;
  }

  flag(name: string): boolean | undefined {
    const value = this.#single(name);
    if (!value) return undefined;
    return parseYamlBoolean(value.text) ?? this.#wrong(name, `true or false, found "${value.text}"`);
  }

  whole(name: string): number | undefined {
    const value = this.#single(name);
    if (!value) return undefined;
    const whole = Number(parseYamlInteger(value.text) ?? Number.NaN);
    return Number.isSafeInteger(whole) ? whole : this.#wrong(name, `a whole number, found "${value.text}"`);
  }

  /** Returns the texts of a list, without empty ones. */
  texts(...names: readonly string[]): readonly string[] {
    for (const name of names) {
      const items = this.#list(name)?.items;
      if (!items) continue;
      const texts = items.flatMap((item) => {
        if (item.kind !== 'value') return this.#wrong(name, 'a list of texts') ?? [];
        return item.text === '' || item.value === null ? [] : [item.text];
      });
      return texts;
    }
    return [];
  }

  /** Returns the sections of a list. */
  sections(name: string): readonly Section[] {
    return (this.#list(name)?.items ?? []).flatMap((item, at) => {
      const what = `${this.#within(name)}[${at}]`;
      if (item.kind === 'map') return [new Section(item, what, this.#findings, this.#wrongShape)];
      this.#findings.push(finding(this.#wrongShape, item.at, `${what}: expected a section`));
      return [];
    });
  }

  section(name: string): Section | undefined {
    const part = this.part(name);
    if (part === undefined) return undefined;
    if (part.kind === 'map') return new Section(part, this.#within(name), this.#findings, this.#wrongShape);
    return this.#wrong(name, 'a section');
  }

  /** Returns the texts of a section by name; other values are ignored. */
  textsByName(): Readonly<Record<string, string>> {
    this.pass(...this.#map.entries.map(({ name }) => name));
    return Object.fromEntries(
      this.#map.entries.flatMap(({ name, value }) =>
        value.kind === 'value' && value.value !== null ? [[name, value.text] as const] : [],
      ),
    );
  }

  /** Returns the texts of this section that were not requested, by name, and marks them as known. */
  otherTexts(): Readonly<Record<string, string>> {
    const others = this.#map.entries.filter(({ name }) => !this.#known.has(name) && name !== '');
    return Object.fromEntries(
      others.flatMap(({ name, value }) => {
        if (value.kind !== 'value') return [];
        this.#known.add(name);
        return value.text === '' ? [] : [[name, value.text] as const];
      }),
    );
  }

  /** Reports a problem of a field. */
  report(rule: RuleId, name: string, message: string): void {
    this.#findings.push(finding(rule, this.place(name), `${this.#within(name)}: ${message}`));
  }

  /** Reports every key that was not requested. */
  finish(): void {
    for (const { name } of this.#map.entries) {
      if (this.#known.has(name) || isAuthorKey(name)) continue;
      const nearest = nearestName(name, this.#known);
      this.report('M001', name, `no such key${nearest === undefined ? '' : `. Did you mean ${nearest}?`}`);
    }
  }

  #within(name: string): string {
    return this.#what === '' ? name : `${this.#what}.${name}`;
  }

  #single(name: string): LocatedValue | undefined {
    const part = this.part(name);
    if (part === undefined || part.kind === 'value') return part;
    return this.#wrong(name, 'a single value');
  }

  #list(name: string): LocatedList | undefined {
    const part = this.part(name);
    if (part === undefined || part.kind === 'list') return part;
    return this.#wrong(name, 'a list');
  }

  #wrong(name: string, expected: string): undefined {
    this.report(this.#wrongShape, name, `expected ${expected}`);
  }
}
