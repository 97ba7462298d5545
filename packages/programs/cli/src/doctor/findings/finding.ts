import { FINDINGS } from './findings-table.ts';

/** An error keeps the robot from being seen, a warning a part of it; a hint is for those who still miss something. */
export type Severity = 'error' | 'warning' | 'hint';

/** What the doctor may find. Words in `<>` are filled in by what is seen. */
export interface FindingKind {
  readonly severity: Severity;
  readonly title: string;
  readonly means: string;
  /** What to do; commands stand in backticks. */
  readonly remedy: string;
}

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
