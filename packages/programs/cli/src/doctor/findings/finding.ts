import { FINDINGS, type FindingKind, type Severity } from './findings-table.ts';

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** What was seen here, in a sentence or two. */
  readonly seen: string;
  /** Absent, as is the remedy, where `seen` says it. */
  readonly means?: string;
  readonly remedy?: string;
}

export type FindingId = keyof typeof FINDINGS;

/** Something that was found, with the words of the table; `values` are those for its `<>`. */
export function finding(id: FindingId, seen: string, values: Readonly<Record<string, string | number>> = {}): Finding {
  const { severity, title, means, remedy }: FindingKind = FINDINGS[id];
  const filled = (text: string) => text.replace(/<(\w+)>/g, (whole, name: string) => String(values[name] ?? whole));
  return { id, severity, title: filled(title), seen, means: filled(means), remedy: filled(remedy) };
}
