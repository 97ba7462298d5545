/** Removes fields that are `undefined`, an empty string or an empty list. Returns `undefined` if no field is left. */
export function omitEmpty<T extends object>(fields: T): T | undefined {
  const remaining = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return remaining.length > 0 ? (Object.fromEntries(remaining) as T) : undefined;
}
