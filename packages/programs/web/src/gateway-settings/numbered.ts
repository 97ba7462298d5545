/** Returns each entry with its position as key of a list: texts of a configuration may repeat. */
export function numbered<Entry>(entries: readonly Entry[]): readonly (readonly [id: string, entry: Entry])[] {
  return entries.map((entry, at) => [String(at), entry] as const);
}
