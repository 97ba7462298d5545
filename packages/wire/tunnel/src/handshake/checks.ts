/** Checks a value of a received JSON message and returns it typed. Throws `Misshapen` with the path of the problem. */
export type Check<T> = (value: unknown, path: string) => T;

/** The type that a check returns. */
export type Checked<C> = C extends Check<infer T> ? T : never;

/** A received message does not have the required shape. */
export class Misshapen extends Error {
  override readonly name = 'Misshapen';
}

const fail = (path: string, expected: string): never => {
  throw new Misshapen(`${path || 'the message'} must be ${expected}`);
};

/** A non-negative integer up to 2^53 - 1. */
export const integer: Check<number> = (value, path) =>
  Number.isSafeInteger(value) && (value as number) >= 0 ? (value as number) : fail(path, 'a non-negative integer');

/** A finite number, as clocks with a fraction have it. */
export const finite: Check<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) ? value : fail(path, 'a number');

export const flag: Check<boolean> = (value, path) => (typeof value === 'boolean' ? value : fail(path, 'true or false'));

/** A text of at most `maxChars` UTF-16 code units. */
export const text =
  (maxChars: number): Check<string> =>
  (value, path) =>
    typeof value === 'string' && value.length <= maxChars
      ? value
      : fail(path, `a text of at most ${maxChars} characters`);

/** A text that matches a pattern. `expected` completes "must be …". */
export const matching =
  (pattern: RegExp, expected: string): Check<string> =>
  (value, path) =>
    typeof value === 'string' && pattern.test(value) ? value : fail(path, expected);

export const optional =
  <T>(check: Check<T>): Check<T | undefined> =>
  (value, path) =>
    value === undefined ? undefined : check(value, path);

/** A list of at most `maxItems`. */
export const list =
  <T>(check: Check<T>, maxItems: number): Check<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length <= maxItems
      ? value.map((item, at) => check(item, `${path}[${at}]`))
      : fail(path, `a list of at most ${maxItems}`);

export const choice =
  <const T extends string>(names: readonly T[]): Check<T> =>
  (value, path) =>
    names.find((name) => name === value) ?? fail(path, `one of ${names.join(', ')}`);

type Optional<S> = { [K in keyof S]: undefined extends Checked<S[K]> ? K : never }[keyof S];
type Shape<S> = { readonly [K in Exclude<keyof S, Optional<S>>]: Checked<S[K]> } & {
  readonly [K in Optional<S>]?: Checked<S[K]>;
};

/** An object with these members. Members of a newer version are dropped. */
export const shape =
  <S extends Readonly<Record<string, Check<unknown>>>>(members: S): Check<Shape<S>> =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return fail(path, 'an object');
    const found: Record<string, unknown> = {};
    for (const [name, check] of Object.entries(members)) {
      const member = Object.hasOwn(value, name) ? (value as Record<string, unknown>)[name] : undefined;
      const checked = check(member, path === '' ? name : `${path}.${name}`);
      if (checked !== undefined) found[name] = checked;
    }
    return found as Shape<S>;
  };
