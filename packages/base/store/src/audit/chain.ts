import { createHash } from 'node:crypto';
import type { AuditRecord } from './audit-record.ts';

/** The hash before the first record. */
export const GENESIS = '0'.repeat(64);

/**
 * Returns the record as UTF-8 can represent it: an unpaired surrogate becomes U+FFFD, as on its way into the database.
 */
export function wellFormed(record: AuditRecord): AuditRecord {
  return {
    ...record,
    faultCode: record.faultCode.toWellFormed(),
    transition: record.transition.toWellFormed(),
    status: record.status.toWellFormed(),
    sourceId: record.sourceId.toWellFormed(),
    description: record.description.toWellFormed(),
  };
}

/** Returns the text that is hashed: one form for each record, the same as in the audit logs of ros2_medkit. */
export function canonicalText(seq: number, record: AuditRecord): string {
  const text = JSON.stringify;
  return (
    `{"seq":${seq},"ts":${record.occurredAtNs},"code":${text(record.faultCode)},` +
    `"transition":${text(record.transition)},"severity":${record.severity},"status":${text(record.status)},` +
    `"source":${text(record.sourceId)},"description":${text(record.description)}}`
  );
}

/** Returns the SHA-256 of the previous record's hash and this record, in hexadecimal. */
export function recordHash(previous: string, seq: number, record: AuditRecord): string {
  return createHash('sha256').update(previous).update(canonicalText(seq, record)).digest('hex');
}
