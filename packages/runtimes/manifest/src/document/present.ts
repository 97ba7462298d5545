/** The fields that have a value: no empty text, no empty list. */
export function present<T extends object>(fields: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  const left = Object.entries(fields).filter(
    ([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0),
  );
  return Object.fromEntries(left) as { [K in keyof T]?: Exclude<T[K], undefined> };
}
