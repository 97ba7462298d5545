/**
 * Interface files by type name in a form of our own: fields only, separated by semicolons, the parts of services and
 * actions by `---`. All of Jazzy.
 */
export type CompactDefinitions = Readonly<Record<string, string>>;

/** The text as it would stand in an interface file. */
export function expandCompact(text: string): string {
  return text.replaceAll(';', '\n').replace(/\s*---\s*/g, '\n---\n');
}
