import { type AuditedAccess, MAX_SUMMARY_SOURCES } from '@medkit/contract';
import { ACCESS_CODE, ACCESS_TRANSITION, type AuditEntry } from './audit-entry.ts';
import { detailsOf } from './record-details.ts';

/** A summary of who was not let in, as a record of the audit log: its description is JSON of all of it. */
export function accessEntry(access: AuditedAccess, occurredAtNs: bigint): Omit<AuditEntry, 'seq' | 'hash'> {
  return {
    occurredAtNs,
    faultCode: ACCESS_CODE,
    transition: ACCESS_TRANSITION,
    severity: 0,
    status: 'REFUSED',
    sourceId: 'gateway',
    description: JSON.stringify({ ...access, most: access.most.slice(0, MAX_SUMMARY_SOURCES) }),
  };
}

/** The summary of a record that `accessEntry` made. A description that was tampered with shows as nothing but that. */
export function auditedAccess({ description }: Pick<AuditEntry, 'description'>): AuditedAccess {
  return { ...UNREADABLE, ...detailsOf(description) };
}

const UNREADABLE: AuditedAccess = { refused: 0, reasons: {}, from: '', to: '', sources: 0, most: [] };
