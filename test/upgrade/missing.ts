/** Values that change over time, or that make-data-folder.ts itself has changed. */
const CHANGING: readonly string[] = [
  'lock_expiration',
  'checked',
  'head',
  'count',
  'failed_total',
  'failures_in_a_row',
  'last_error',
];

/** Returns what part of the earlier answer is missing in the current one; `undefined` if nothing is. */
export function missing(was: unknown, is: unknown, place: string): string | undefined {
  if (Array.isArray(was)) {
    if (!Array.isArray(is)) return `${place} is no list any more`;
    const lost = was.find((each) => is.every((other) => missing(each, other, place) !== undefined));
    return lost === undefined ? undefined : `${place} lacks ${JSON.stringify(lost)}; it has ${JSON.stringify(is)}`;
  }
  if (typeof was === 'object' && was !== null) {
    if (typeof is !== 'object' || is === null) return `${place} is no object any more`;
    for (const [name, value] of Object.entries(was)) {
      if (CHANGING.includes(name)) continue;
      const reason = missing(value, (is as Readonly<Record<string, unknown>>)[name], `${place}.${name}`);
      if (reason !== undefined) return reason;
    }
    return undefined;
  }
  return Object.is(was, is) ? undefined : `${place} is ${JSON.stringify(is)}, was ${JSON.stringify(was)}`;
}
