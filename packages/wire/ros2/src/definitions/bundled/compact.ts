/**
 * Interface files by type name in a compact format: fields only, separated by semicolons, the parts of services and
 * actions by `---`. All of Jazzy.
 */
export type CompactDefinitions = Readonly<Record<string, string>>;

/** Returns the text in the format of an interface file. */
export function expandCompact(text: string): string {
  return text.replaceAll(';', '\n').replace(/\s*---\s*/g, '\n---\n');
}
