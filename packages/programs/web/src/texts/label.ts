/** Returns the label of a name, or the name if it has no label. */
export function labelOf(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? words[name]! : name;
}
