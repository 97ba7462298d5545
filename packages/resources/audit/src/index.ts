/** The audit log: its records, the search in them, and the queue of records that wait for the disk. Independent of HTTP. */
export { auditArchive, listAuditFile } from './audit-archive.ts';
export { ACCESS_TRANSITION, MINOR_REQUEST_TRANSITION, OBSERVED_TRANSITION, REQUEST_TRANSITION } from './audit-entry.ts';
export type { AuditFile } from './audit-file.ts';
export type { AuditParameters } from './audit-query.ts';
export { type AuditService, type AuditTail, createAuditService } from './audit-service.ts';
export { accessEntry } from './audited-access.ts';
export { type AnsweredRequest, requestEntry } from './audited-request.ts';
export { FirstDenials } from './first-denials.ts';
export { observedEntry } from './observed-change.ts';
export { type OnAppended, type RecordNotifier, recordNotifier } from './record-notifier.ts';
export { RequestAudit } from './request-audit.ts';
export { valueNote } from './value-note.ts';
export { WAITING_RECEIPTS, WAITING_TABLES } from './waiting-file.ts';
