/** Returns the member of a table with this name. Ignores inherited members such as `toString`. */
export function lookupMember<T>(table: Readonly<Record<string, T>> | undefined, name: string): T | undefined {
  return table && Object.hasOwn(table, name) ? table[name] : undefined;
}
