import { FINDINGS, type FindingKind, type Severity } from './findings-table.ts';

export interface Finding {
  readonly id: string;
  readonly severity: Severity;
  readonly title: string;
  /** Observation, one or two sentences. */
  readonly seen: string;
  /** Effect. Absent, as is the remedy, if `seen` contains it. */
  readonly means?: string;
  readonly remedy?: string;
}

export type FindingId = keyof typeof FINDINGS;

/** Creates a finding with the texts of the table. `values` replace its placeholders in `<>`. */
export function finding(id: FindingId, seen: string, values: Readonly<Record<string, string | number>> = {}): Finding {
  const { severity, title, means, remedy }: FindingKind = FINDINGS[id];
  const filled = (text: string) => text.replace(/<(\w+)>/g, (whole, name: string) => String(values[name] ?? whole));
  return { id, severity, title: filled(title), seen, means: filled(means), remedy: filled(remedy) };
}
