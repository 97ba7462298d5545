import type { AuditRecord } from '@medkit/contract';
import { isoTime } from '@medkit/entities';
import {
  ACCESS_TRANSITION,
  type AuditEntry,
  MINOR_REQUEST_TRANSITION,
  OBSERVED_TRANSITION,
  REQUEST_TRANSITION,
} from './audit-entry.ts';
import { auditedAccess } from './audited-access.ts';
import { auditedRequest } from './audited-request.ts';
import { parseObservedChange } from './observed-change.ts';

/** Converts a stored record to the form that the API returns. */
export function auditItem(entry: AuditEntry): AuditRecord {
  const { seq, occurredAtNs, faultCode, transition, severity, status, sourceId, description, hash } = entry;
  const common = { id: seq, timestamp: isoTime(occurredAtNs), hash };
  if (transition === REQUEST_TRANSITION || transition === MINOR_REQUEST_TRANSITION) {
    return { ...common, kind: 'request', request: auditedRequest(entry) };
  }
  if (transition === ACCESS_TRANSITION) return { ...common, kind: 'access', access: auditedAccess(entry) };
  if (transition === OBSERVED_TRANSITION) return { ...common, kind: 'observed', observed: parseObservedChange(entry) };
  return {
    ...common,
    kind: 'fault',
    fault: { fault_code: faultCode, transition, severity, status, source_id: sourceId, description },
  };
}
