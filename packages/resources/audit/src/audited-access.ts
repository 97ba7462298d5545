import { type AuditedAccess, MAX_SUMMARY_SOURCES } from '@medkit/contract';
import { ACCESS_CODE, ACCESS_TRANSITION, type AuditEntry } from './audit-entry.ts';
import { detailsOf } from './record-details.ts';

/** Creates an audit record from a summary of refused requests and logins. Its description is the summary as JSON. */
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

/** Parses the summary from a record of `accessEntry`. A description that was tampered with gives an empty summary. */
export function auditedAccess({ description }: Pick<AuditEntry, 'description'>): AuditedAccess {
  return { ...UNREADABLE, ...detailsOf(description) };
}

const UNREADABLE: AuditedAccess = { refused: 0, reasons: {}, from: '', to: '', sources: 0, most: [] };
