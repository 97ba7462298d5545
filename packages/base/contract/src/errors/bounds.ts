/**
 * What an error says of what others sent: enough to find it again, and never as much as they sent. Whoever names it cuts each name
 * and the list of them; an error as a whole is bounded besides, whoever made it.
 */

/** Characters of a name. */
const MAX_NAME = 64;
/** Names, or items of whatever else is a list. */
const MAX_LISTED = 20;
/** Characters of a message. */
export const MAX_MESSAGE = 2000;
/** Characters of a text among the parameters, which may be a sentence with names in it. */
const MAX_TEXT = 500;
/** Objects and lists inside each other among the parameters. */
const MAX_DEPTH = 5;

/** A name, or its beginning where it is longer than names are. */
export function shortened(text: string, length = MAX_NAME): string {
  return text.length <= length ? text : `${text.slice(0, length - 1).toWellFormed()}…`;
}

/** The first names of a list, shortened, for an error to be made of each. */
export function firstOf(names: readonly string[]): readonly string[] {
  return names.slice(0, MAX_LISTED).map((name) => shortened(name));
}

/** `a, b and 7 more`. `shown` writes each name as the sentence wants it. */
export function listed(names: readonly string[], shown: (name: string) => string = (name) => name): string {
  const more = names.length - MAX_LISTED;
  return firstOf(names).map(shown).join(', ') + (more > 0 ? ` and ${more} more` : '');
}

/** The parameters of an error, no larger than parameters may be. */
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
