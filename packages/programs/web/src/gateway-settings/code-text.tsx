/** Returns each entry with its position as key of a list: texts of a configuration may repeat. */
export function numbered<Entry>(entries: readonly Entry[]): readonly (readonly [id: string, entry: Entry])[] {
  return entries.map((entry, at) => [String(at), entry] as const);
}

/** A text in which words between backticks are code. */
export function CodeText({ text }: { readonly text: string }) {
  return numbered(text.split('`')).map(([id, part]) => (Number(id) % 2 === 1 ? <code key={id}>{part}</code> : part));
}
