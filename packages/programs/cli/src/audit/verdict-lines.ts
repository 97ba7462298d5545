import type { AuditVerdict } from '@medkit/gateway';

const records = (count: number): string => (count === 1 ? '1 record' : `${count} records`);

/** Lines for the result of verifying the audit log at `path`. */
export function verdictLines(path: string, verdict: AuditVerdict): readonly string[] {
  const { intact, checked, badSeq, problem } = verdict;
  if (intact) return [checked === 0 ? `${path}: empty` : `${path}: ${records(checked)}, all intact`];
  return [
    `${path}: NOT INTACT`,
    `record ${badSeq}: ${problem}`,
    // `checked` includes the bad record.
    `${records(Math.max(0, checked - 1))} before it intact; records after it were not checked`,
  ];
}
