import { StoreUnavailable } from '@medkit/store';
import type { FaultStorage } from '../storage/fault-storage.ts';
import type { AuditLog } from './audit-log.ts';

/**
 * Wraps a storage so that audit records are delivered to the audit log once they are on disk with their change.
 * @param failClosed true to refuse changes that must be logged while the log cannot be written
 */
export function auditedStorage(
  storage: FaultStorage,
  log: Pick<AuditLog, 'deliver' | 'facts'>,
  failClosed: boolean,
): FaultStorage {
  return {
    ...storage,
    save: async (change) => {
      if (change.audit === undefined || change.audit.length === 0) return storage.save(change);
      const { failing } = log.facts();
      if (failClosed && failing !== undefined) {
        throw new StoreUnavailable(
          `${failing}. Changes of faults are refused without the audit log: fix the cause, or set audit_log.fail_closed to false`,
        );
      }
      const events = await storage.save(change);
      // The log reports its failures itself; callers that must wait for it call `deliver` again.
      log.deliver().catch(() => undefined);
      return events;
    },
  };
}
