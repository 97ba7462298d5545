import type { Row, Statement } from '@medkit/store';
import { MAX_OCCURRENCES_PER_FAULT, type Occurrence } from '../occurrences/occurrence.ts';
import { nanoseconds } from './fault-row.ts';

/** Returns the statements that write an occurrence and remove those beyond the bound. Keeps its `missing` column. */
export function putOccurrence(occurrence: Omit<Occurrence, 'missing'>): readonly Statement[] {
  const { faultCode, number, startedNs, confirmedAtNs, endedNs, endedAs, healedAtNs, clearedBy } = occurrence;
  return [
    {
      sql: `INSERT INTO occurrences
              (fault_code, number, started_ns, confirmed_at_ns, ended_ns, ended_as, healed_at_ns, cleared_by)
            VALUES (?, ?, ?, ?, ?, ?, ?, ?)
            ON CONFLICT (fault_code, number) DO UPDATE SET
              started_ns = excluded.started_ns, confirmed_at_ns = excluded.confirmed_at_ns,
              ended_ns = excluded.ended_ns, ended_as = excluded.ended_as,
              healed_at_ns = excluded.healed_at_ns, cleared_by = excluded.cleared_by`,
      parameters: [faultCode, number, startedNs, confirmedAtNs, endedNs, endedAs, healedAtNs, clearedBy],
    },
    {
      sql: 'DELETE FROM occurrences WHERE fault_code = ? AND number <= ?',
      parameters: [faultCode, number - MAX_OCCURRENCES_PER_FAULT],
    },
  ];
}

/** Returns the statement that records missing evidence of an existing occurrence. */
export function noteMissing(faultCode: string, occurrence: number, missing: string): Statement {
  return {
    // A further source may miss something else: appends to the existing text.
    sql: `UPDATE occurrences SET missing = CASE WHEN missing IN ('', :missing) THEN :missing ELSE missing || '; ' || :missing END
          WHERE fault_code = :code AND number = :occurrence`,
    parameters: { missing, code: faultCode, occurrence },
  };
}

export function occurrenceOfRow(row: Row): Occurrence {
  return {
    faultCode: String(row.fault_code),
    number: Number(row.number),
    startedNs: nanoseconds(row.started_ns),
    confirmedAtNs: nanoseconds(row.confirmed_at_ns),
    endedNs: nanoseconds(row.ended_ns),
    endedAs: String(row.ended_as) as Occurrence['endedAs'],
    healedAtNs: nanoseconds(row.healed_at_ns),
    clearedBy: String(row.cleared_by),
    missing: String(row.missing),
  };
}
