/**
 * Bounds on what an error repeats of client or peer input: enough to identify it, never the whole input. The code that
 * names the input shortens each name and the list. The constructor of the error bounds the result again.
 */

/** Characters of a name. */
const MAX_NAME = 64;
/** Maximum names, or items of any other list. */
const MAX_LISTED = 20;
/** Characters of a message. */
export const MAX_MESSAGE = 2000;
/** Characters of a text parameter, which may be a sentence that contains names. */
const MAX_TEXT = 500;
/** Maximum nesting of objects and lists in the parameters. */
const MAX_DEPTH = 5;

/**
 * Returns a text of at most `length` UTF-16 units, the unit in which receivers of messages count. `…` marks the cut,
 * which never splits a character in two.
 */
export function shortened(text: string, length = MAX_NAME): string {
  if (text.length <= length) return text;
  const begin = text.slice(0, length - 1).replace(/[\uD800-\uDBFF]$/, '');
  return `${begin.toWellFormed()}…`;
}

/** Returns the first names of a list, shortened, to create one error for each. */
export function firstOf(names: readonly string[]): readonly string[] {
  return names.slice(0, MAX_LISTED).map((name) => shortened(name));
}

/** Formats a list as `a, b and 7 more`. `format` formats each name. */
export function listed(names: readonly string[], format: (name: string) => string = (name) => name): string {
  const more = names.length - MAX_LISTED;
  return firstOf(names).map(format).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** Returns the parameters of an error, truncated to the bounds above. */
export function boundedParameters(parameters: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  return bounded(parameters, MAX_DEPTH) as Readonly<Record<string, unknown>>;
}

function bounded(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return shortened(value, MAX_TEXT);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === 0) return '…';
  if (Array.isArray(value)) return value.slice(0, MAX_LISTED).map((item) => bounded(item, depth - 1));
  const members = Object.entries(value).slice(0, MAX_LISTED);
  return Object.fromEntries(members.map(([name, member]) => [shortened(name), bounded(member, depth - 1)]));
}
