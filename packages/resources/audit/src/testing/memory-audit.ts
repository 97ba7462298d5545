import type { Clock } from '@medkit/edges';
import { AUDIT_RECEIPT } from '@medkit/faults';
import { testStore } from '@medkit/store/testing';
import type { AuditFile } from '../audit-file.ts';
import { recordNotifier } from '../record-notifier.ts';

/** An audit log in memory. */
export function memoryAudit(clock: Clock): AuditFile {
  const appended = recordNotifier();
  const store = appended.observe(testStore({ clock, migrations: AUDIT_RECEIPT, audit: { maxRecords: 0 } }));
  return {
    onAppended: appended.onAppended,
    path: ':memory:',
    opened: store,
    isShort: false,
    exists: async () => true,
    store: async () => store,
    close: () => store.close(),
  };
}
