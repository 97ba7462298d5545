import type { Row, Statement } from '@medkit/store';
import { MAX_OCCURRENCES_PER_FAULT, type Occurrence } from '../occurrences/occurrence.ts';
import { nanoseconds } from './fault-row.ts';

/** Writes an occurrence as it stands, and lets those go that are beyond the bound. */
export function putOccurrence(occurrence: Occurrence): readonly Statement[] {
  const { faultCode, number, startedNs, confirmedAtNs, endedNs, endedAs } = occurrence;
  return [
    {
      sql: `INSERT OR REPLACE INTO occurrences (fault_code, number, started_ns, confirmed_at_ns, ended_ns, ended_as)
            VALUES (?, ?, ?, ?, ?, ?)`,
      parameters: [faultCode, number, startedNs, confirmedAtNs, endedNs, endedAs],
    },
    {
      sql: 'DELETE FROM occurrences WHERE fault_code = ? AND number <= ?',
      parameters: [faultCode, number - MAX_OCCURRENCES_PER_FAULT],
    },
  ];
}

export function occurrenceOfRow(row: Row): Occurrence {
  return {
    faultCode: String(row.fault_code),
    number: Number(row.number),
    startedNs: nanoseconds(row.started_ns),
    confirmedAtNs: nanoseconds(row.confirmed_at_ns),
    endedNs: nanoseconds(row.ended_ns),
    endedAs: String(row.ended_as) as Occurrence['endedAs'],
  };
}
