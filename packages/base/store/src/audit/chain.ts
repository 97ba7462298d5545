import { createHash } from 'node:crypto';
import type { AuditRecord } from './audit-record.ts';

/** What stands in front of the first record. */
export const GENESIS = '0'.repeat(64);

/** The record as UTF-8 can hold it: half a surrogate pair becomes U+FFFD, as it does on its way into the database. */
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

/** The text whose hash is kept: one form for one record, the same as in the audit logs of ros2_medkit. */
export function canonicalText(seq: number, record: AuditRecord): string {
  const text = JSON.stringify;
  return (
    `{"seq":${seq},"ts":${record.occurredAtNs},"code":${text(record.faultCode)},` +
    `"transition":${text(record.transition)},"severity":${record.severity},"status":${text(record.status)},` +
    `"source":${text(record.sourceId)},"description":${text(record.description)}}`
  );
}

/** SHA-256 over the hash of the record before and this one, hexadecimal. */
export function recordHash(previous: string, seq: number, record: AuditRecord): string {
  return createHash('sha256').update(previous).update(canonicalText(seq, record)).digest('hex');
}
