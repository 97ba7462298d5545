/** The word for what something is called elsewhere, which is shown as it is where nobody has a word for it. */
export function wordOf(words: Readonly<Record<string, string>>, name: string): string {
  return Object.hasOwn(words, name) ? words[name]! : name;
}
