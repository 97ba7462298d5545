import { isJsonObject } from '@medkit/core';

/** Maximum number of warnings; more of them usually have one cause. */
const MAX_WARNINGS = 50;
/** Maximum number of unknown options that one warning names. */
const MAX_NAMED = 10;

/** Allowed range of a number. */
export interface NumberRange {
  readonly min?: number;
  readonly max?: number;
  /** Exclusive lower bound. */
  readonly above?: number;
}

/** The value to use if an option is missing or invalid. */
interface Otherwise<V> {
  readonly value: V;
}

/**
 * One section of a plugin's options: texts, lists and subsections, from a file or from environment variables. Invalid
 * options lead to a warning that begins with the key, and the default is used. For plugins that should run with a
 * default instead of not at all. Other plugins have a schema.
 */
export class OptionReader {
  readonly #name: string;
  readonly #path: string;
  readonly #section: Readonly<Record<string, unknown>>;
  readonly #warnings: string[];
  readonly #known = new Set<string>();

  /** @param name name of the plugin in warnings, such as `the watchdog` */
  constructor(section: unknown, name: string);
  constructor(section: unknown, name: string, path: string, warnings: string[]);
  constructor(section: unknown, name: string, path = '', warnings: string[] = []) {
    this.#name = name;
    this.#path = path;
    this.#warnings = warnings;
    this.#section = isJsonObject(section) ? section : {};
    if (section !== undefined && !isJsonObject(section)) this.#warn('must be a section');
  }

  /** Warnings about invalid options, of all sections together. Each is a sentence that begins with the key. */
  get warnings(): readonly string[] {
    return this.#warnings;
  }

  get keys(): readonly string[] {
    return Object.keys(this.#section);
  }

  /** Returns the value as written. */
  raw(key: string): unknown {
    this.#known.add(key);
    return Object.hasOwn(this.#section, key) ? this.#section[key] : undefined;
  }

  /** @param ofValue converts a value that is not a section to the section it abbreviates */
  section(key: string, ofValue: (value: unknown) => unknown = (value) => value): OptionReader {
    const raw = this.raw(key);
    const section = raw === undefined || isJsonObject(raw) ? raw : ofValue(raw);
    return new OptionReader(section, this.#name, this.#pathOf(key), this.#warnings);
  }

  integer(key: string, { value, ...range }: Otherwise<number> & NumberRange): number {
    const number = this.number(key, { value, ...range });
    if (Number.isInteger(number)) return number;
    this.#refuse(key, 'a whole number', value);
    return value;
  }

  number<V extends number | undefined>(key: string, { value, ...range }: Otherwise<V> & NumberRange): number | V {
    const raw = this.raw(key);
    if (raw === undefined) return value;
    const number = numberOf(raw);
    if (number !== undefined && isWithin(number, range)) return number;
    this.#refuse(key, describeRange(range), value);
    return value;
  }

  flag(key: string, value: boolean): boolean {
    const raw = this.raw(key);
    if (raw === undefined) return value;
    const flag = parseYamlBoolean(raw);
    if (flag !== undefined) return flag;
    this.#refuse(key, 'true or false', value);
    return value;
  }

  /** Reads an option that is one of several words. */
  word<const W extends string>(key: string, allowed: readonly W[], value: W): W {
    const raw = this.raw(key);
    if (raw === undefined) return value;
    const word = allowed.find((each) => each === raw);
    if (word !== undefined) return word;
    this.#refuse(key, allowed.join(' or '), value);
    return value;
  }

  list(key: string): readonly string[] {
    const raw = this.raw(key);
    if (raw === undefined || raw === '') return [];
    if (Array.isArray(raw) && raw.every(isScalar)) return raw.map(String).filter((text) => text !== '');
    if (isScalar(raw)) return [String(raw)];
    this.#warn('must be a list of texts; it is ignored', key);
    return [];
  }

  /** Reads a section of numbers by name, such as rates by topic. */
  numbers(key: string, range: NumberRange): ReadonlyMap<string, number> {
    const section = this.section(key);
    const numbers = new Map<string, number>();
    for (const name of section.keys) {
      const number = numberOf(section.raw(name));
      if (number !== undefined && isWithin(number, range)) numbers.set(name, number);
      else section.#warn(`must be ${describeRange(range)}; it is ignored`, name);
    }
    return numbers;
  }

  /** Warns about keys that were not read. */
  end(): void {
    const unknown = this.keys.filter((key) => !this.#known.has(key));
    if (unknown.length === 0) return;
    const more = unknown.length > MAX_NAMED ? `, nor ${unknown.length - MAX_NAMED} more` : '';
    const named = unknown.slice(0, MAX_NAMED).join(', ');
    this.#warn(`has no option ${named}${more}; available: ${[...this.#known].sort().join(', ')}`);
  }

  warn(key: string, problem: string): void {
    this.#warn(problem, key);
  }

  #refuse(key: string, wanted: string, used: unknown): void {
    this.#warn(`must be ${wanted}; ${used === undefined ? 'it is ignored' : `${used} is used`}`, key);
  }

  #pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #warn(problem: string, key?: string): void {
    const what = key === undefined ? this.#path || this.#name : this.#pathOf(key);
    if (this.#warnings.length < MAX_WARNINGS) this.#warnings.push(`${what} ${problem}`);
  }
}

/** Returns whether a value is scalar: not a list, not a section, not `undefined`. */
export function isScalar(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

/** Parses a boolean as in YAML 1.1: `true`, `Yes`, `off`. Returns `undefined` for any other value. */
export function parseYamlBoolean(value: unknown): boolean | undefined {
  const word = String(value).trim();
  if (/^(?:true|yes|y|on)$/i.test(word)) return true;
  return /^(?:false|no|n|off)$/i.test(word) ? false : undefined;
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}

function isWithin(number: number, { min, max, above }: NumberRange): boolean {
  return number >= (min ?? number) && number <= (max ?? number) && (above === undefined || number > above);
}

function describeRange({ min, max, above }: NumberRange): string {
  if (above !== undefined) return `a number above ${above}`;
  if (max === undefined) return min === undefined ? 'a number' : `a number of ${min} or more`;
  return `a number from ${min} to ${max}`;
}
