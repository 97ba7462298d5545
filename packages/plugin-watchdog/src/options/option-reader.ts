/**
 * One section of a configuration: texts, lists and sections, from a file or an environment. What it holds that is wrong
 * becomes a warning that names the key, and the default counts: a watchdog that is set up wrong still watches.
 */
export class OptionReader {
  readonly #path: string;
  readonly #section: Readonly<Record<string, unknown>>;
  readonly #warnings: string[];
  readonly #known = new Set<string>();

  constructor(section: unknown, path: string, warnings: string[]) {
    this.#path = path;
    this.#warnings = warnings;
    this.#section = isSection(section) ? section : {};
    if (section !== undefined && !isSection(section)) this.#warn('is to be a section');
  }

  get keys(): readonly string[] {
    return Object.keys(this.#section);
  }

  /** The value as it was written. */
  raw(key: string): unknown {
    this.#known.add(key);
    return Object.hasOwn(this.#section, key) ? this.#section[key] : undefined;
  }

  section(key: string): OptionReader {
    return new OptionReader(this.raw(key), this.#pathOf(key), this.#warnings);
  }

  integer(key: string, { value, min, max }: { value: number; min: number; max: number }): number {
    const number = this.number(key, { value, min, max });
    if (Number.isInteger(number)) return number;
    this.#warn(`is to be a whole number, ${value} is used`, key);
    return value;
  }

  number(key: string, { value, min, max }: { value: number; min: number; max: number }): number {
    const raw = this.raw(key);
    if (raw === undefined) return value;
    const number = numberOf(raw);
    if (number !== undefined && number >= min && number <= max) return number;
    this.#warn(`is to be a number from ${min} to ${max}, ${value} is used`, key);
    return value;
  }

  flag(key: string, value: boolean): boolean {
    const raw = this.raw(key);
    if (raw === undefined) return value;
    const word = String(raw).toLowerCase();
    if (word === 'true' || word === 'false') return word === 'true';
    this.#warn(`is to be true or false, ${value} is used`, key);
    return value;
  }

  list(key: string): readonly string[] {
    const raw = this.raw(key);
    if (raw === undefined || raw === '') return [];
    if (Array.isArray(raw) && raw.every(isScalar)) return raw.map(String).filter((text) => text !== '');
    if (isScalar(raw)) return [String(raw)];
    this.#warn('is to be a list of texts and is left out', key);
    return [];
  }

  /** Numbers by name, as rates by topic. */
  numbers(key: string, { min, max }: { min: number; max: number }): ReadonlyMap<string, number> {
    const section = this.section(key);
    const numbers = new Map<string, number>();
    for (const name of section.keys) {
      const number = numberOf(section.raw(name));
      if (number !== undefined && number >= min && number <= max) numbers.set(name, number);
      else section.#warn(`is to be a number from ${min} to ${max} and is left out`, name);
    }
    return numbers;
  }

  /** Tells of keys that nobody asked for. */
  end(): void {
    const unknown = this.keys.filter((key) => !this.#known.has(key));
    if (unknown.length === 0) return;
    this.#warn(`has no option ${unknown.join(', ')}; there are ${[...this.#known].sort().join(', ')}`);
  }

  warn(key: string, problem: string): void {
    this.#warn(problem, key);
  }

  #pathOf(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`;
  }

  #warn(problem: string, key?: string): void {
    this.#warnings.push(`${key === undefined ? this.#path || 'the watchdog' : this.#pathOf(key)} ${problem}`);
  }
}

function isSection(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

export function isScalar(value: unknown): value is string | number | boolean | bigint {
  return ['string', 'number', 'boolean', 'bigint'].includes(typeof value);
}

function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return Number.isFinite(value) ? value : undefined;
  if (typeof value !== 'string' || value.trim() === '') return undefined;
  const number = Number(value);
  return Number.isFinite(number) ? number : undefined;
}
