import { DECLARATION_LIMITS } from './declaration.ts';

/** A declaration is invalid. The message names the member and what was expected. */
export class DeclarationProblem extends Error {
  override readonly name = 'DeclarationProblem';

  constructor(path: string, wrong: string) {
    super(path === '' ? `the declaration ${wrong}` : `${path} ${wrong}`);
  }
}

const ID = /^[A-Za-z0-9_-]{1,64}$/;
const MAX_DISPLAYED_LENGTH = 40;

function displayText(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object' && value !== null) return 'an object';
  return (JSON.stringify(value) ?? typeof value).slice(0, MAX_DISPLAYED_LENGTH);
}

/**
 * A value of parsed JSON with its path, such as `apps[0].ports[2].type`. The read functions throw `DeclarationProblem`.
 */
export class JsonMember {
  readonly path: string;
  readonly #value: unknown;

  constructor(value: unknown, path: string) {
    this.#value = value;
    this.path = path;
  }

  get isAbsent(): boolean {
    return this.#value === undefined;
  }

  /** Returns a member of this object. `isAbsent` is true if the object has no own member of this name. */
  member(name: string): JsonMember {
    const value = this.#value;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) this.#expected('an object');
    const path = this.path === '' ? name : `${this.path}.${name}`;
    return new JsonMember(Object.hasOwn(value as object, name) ? Reflect.get(value as object, name) : undefined, path);
  }

  list(): readonly JsonMember[] {
    if (!Array.isArray(this.#value)) this.#expected('a list');
    return (this.#value as readonly unknown[]).map((value, index) => new JsonMember(value, `${this.path}[${index}]`));
  }

  text(least = 0): string {
    const value = this.#value;
    const { textLength } = DECLARATION_LIMITS;
    if (typeof value !== 'string') return this.#expected('a text');
    if (value.length < least) this.fail('is empty');
    if (value.length > textLength) this.fail(`has ${value.length} characters: at most ${textLength} are allowed`);
    return value;
  }

  id(): string {
    if (typeof this.#value === 'string' && ID.test(this.#value)) return this.#value;
    return this.#expected('1 to 64 letters, digits, "_" or "-"');
  }

  flag(): boolean {
    return typeof this.#value === 'boolean' ? this.#value : this.#expected('true or false');
  }

  oneOf<T extends string | number>(choices: readonly T[]): T {
    const found = choices.find((choice) => choice === this.#value);
    return found ?? this.#expected(`one of ${choices.join(', ')}`);
  }

  /** Returns a text that matches the pattern. */
  matching(form: RegExp, expected: string): string {
    return typeof this.#value === 'string' && form.test(this.#value) ? this.#value : this.#expected(expected);
  }

  /** Returns one of these ids. */
  among(ids: ReadonlySet<string>, expected: string): string {
    return typeof this.#value === 'string' && ids.has(this.#value) ? this.#value : this.#expected(expected);
  }

  fail(wrong: string): never {
    throw new DeclarationProblem(this.path, wrong);
  }

  #expected(what: string): never {
    if (this.isAbsent) this.fail(`is missing: expected ${what}`);
    return this.fail(`is ${displayText(this.#value)}: expected ${what}`);
  }
}
