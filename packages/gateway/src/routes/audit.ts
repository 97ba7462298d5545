import type { AuditService } from '@medkit/services';
import type { Handlers } from '../http/exchange.ts';

/** The handlers of the audit log. */
export function auditHandlers(audit: AuditService): Pick<Handlers, 'listAuditRecords' | 'verifyAuditLog'> {
  return {
    listAuditRecords: ({ query }) => audit.list(query),
    verifyAuditLog: () => audit.verify(),
  };
}
