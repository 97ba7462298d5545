import type { AuditVerdict } from '@medkit/gateway';

const records = (count: number): string => (count === 1 ? '1 record' : `${count} records`);

/** What a person is told of the audit log in the file at `path`. */
export function verdictLines(path: string, verdict: AuditVerdict): readonly string[] {
  const { intact, checked, badSeq, problem } = verdict;
  if (intact) return [checked === 0 ? `${path}: empty` : `${path}: ${records(checked)}, all intact`];
  return [
    `${path}: NOT INTACT`,
    `record ${badSeq}: ${problem}`,
    // The one at which the walk ends is among those that were looked at.
    `${records(Math.max(0, checked - 1))} before it intact; records after it were not checked`,
  ];
}
