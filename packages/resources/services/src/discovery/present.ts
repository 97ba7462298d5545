/** `fields` without those that are `undefined`, an empty text or an empty list; `undefined` where none is left. */
export function present<T extends object>(fields: T): T | undefined {
  const left = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return left.length > 0 ? (Object.fromEntries(left) as T) : undefined;
}
