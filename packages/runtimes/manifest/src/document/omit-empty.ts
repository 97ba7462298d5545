/** Returns the fields that have a value, without empty texts and empty lists. */
export function omitEmpty<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const left = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(left) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
