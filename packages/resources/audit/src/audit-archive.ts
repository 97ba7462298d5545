import type { AuditRecord as AuditItem } from '@medkit/contract';
import { readAuditFile } from '@medkit/store';
import type { AuditArchive } from './audit-entry.ts';
import type { AuditFile } from './audit-file.ts';
import { auditItem } from './audit-item.ts';
import { type AuditParameters, auditQuery } from './audit-query.ts';
import { AUDIT_ENDS, auditEntry, auditStatement, auditTailStatement } from './audit-rows.ts';

/**
 * Reads records from the audit log file over the read-only connection, so that writers never wait for it.
 * @param stored converts errors of the store to those of the API
 */
export function auditArchive(
  file: Pick<AuditFile, 'exists' | 'store'>,
  stored: <T>(work: () => Promise<T>) => Promise<T>,
): AuditArchive {
  return {
    find: (query) =>
      stored(async () => {
        if (!(await file.exists())) return [];
        const { sql, parameters } = auditStatement(query);
        return (await (await file.store()).read(sql, parameters)).map(auditEntry);
      }),
    findAfter: (after, query) =>
      stored(async () => {
        if (!(await file.exists())) return { events: [], oldestId: 0, newestId: 0 };
        const store = await file.store();
        const { sql, parameters } = auditTailStatement(after, query);
        const rows = query.limit > 0 ? await store.read(sql, parameters) : [];
        const [ends] = await store.read(AUDIT_ENDS);
        return { events: rows.map(auditEntry), oldestId: Number(ends?.oldest), newestId: Number(ends?.newest) };
      }),
    walk: () =>
      stored(async () => {
        if (!(await file.exists())) return { intact: true, checked: 0 };
        const store = await file.store();
        const [head] = await store.read('SELECT seq, record_hash FROM audit_chain_head');
        const verdict = await store.verifyAudit();
        return { ...verdict, ...(head && { head: { seq: Number(head.seq), hash: String(head.record_hash) } }) };
      }),
  };
}

/**
 * Returns records of the audit log file at `path`, newest first, without a gateway. Only reads; the file may be in use.
 * Entities are matched by the names in the file: requests by entity id, faults by node name. Throws
 * `invalid-parameter`, and the errors of `readAuditFile`.
 */
export function listAuditFile(path: string, parameters: AuditParameters): readonly AuditItem[] {
  const query = auditQuery(parameters, (id) => ({ sources: [id, `/${id}`] }));
  return readAuditFile(path, auditStatement(query)).map((row) => auditItem(auditEntry(row)));
}
