/** Returns a copy without the members that are `undefined`, so that omitted members of a message stay absent. */
export function omitEmpty<T extends object>(members: T): T {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== undefined)) as T;
}
