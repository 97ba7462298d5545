import type { AuditRecord } from '../audit/audit-record.ts';
import type { Migrations } from '../migrations/migration.ts';
import type { SqlValue } from '../sql/values.ts';
import type { Statement } from '../store.ts';

/** A table for tests, with a unique key and a column of each type. */
export const NOTES: Migrations = {
  notes: [
    [
      `CREATE TABLE notes (
         id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL, value INTEGER, ratio REAL, text TEXT, body BLOB
       )`,
    ],
  ],
};

/** Returns a statement that adds a note. */
export const note = (name: string, value: SqlValue = null): Statement => ({
  sql: 'INSERT INTO notes (name, value) VALUES (?, ?)',
  parameters: [name, value],
});

/** Returns an audit record; members that are not given have arbitrary values. */
export function auditRecord(fields: Partial<AuditRecord> = {}): AuditRecord {
  return {
    occurredAtNs: 1_735_312_456_123_456_789n,
    faultCode: 'PUMP_PRESSURE_LOW',
    transition: 'confirmed',
    severity: 2,
    status: 'CONFIRMED',
    sourceId: '/pump/monitor',
    description: 'pressure below 2 bar',
    ...fields,
  };
}
