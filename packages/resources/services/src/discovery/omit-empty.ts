/** Removes fields that are `undefined`, an empty string or an empty list. Returns `undefined` if no field is left. */
export function omitEmpty<T extends object>(fields: T): T | undefined {
  const left = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return left.length > 0 ? (Object.fromEntries(left) as T) : undefined;
}
