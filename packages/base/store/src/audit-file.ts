import { statSync } from 'node:fs';
import type { AuditVerdict } from './audit/audit-record.ts';
import { openForReading } from './engine/open-database.ts';
import { Reader } from './engine/reader.ts';
import { StoreCorrupt, StoreUnavailable } from './errors.ts';
import type { Row } from './sql/values.ts';
import type { Statement } from './store.ts';

/**
 * Verifies the audit log in the file at `path`, in this thread. Does not change the log, which may be in use by another
 * process. Throws `StoreUnavailable` if the file cannot be read, `StoreCorrupt` if it is damaged or holds no audit log.
 */
export function verifyAuditFile(path: string): AuditVerdict {
  return withAuditFile(path, (reader) => reader.verifyAudit());
}

/** Returns the rows of a query of the audit log in the file at `path`. Throws like `verifyAuditFile`. */
export function readAuditFile(path: string, statement: Statement): readonly Row[] {
  return withAuditFile(path, (reader) => reader.read(statement));
}

function withAuditFile<T>(path: string, work: (reader: Reader) => T): T {
  // SQLite reports the same error for every file that it cannot open.
  if (!statSync(path, { throwIfNoEntry: false })?.isFile()) throw new StoreUnavailable(`there is no file ${path}`);
  const options = { path, audit: { maxRecords: 0 } };
  const database = openForReading(options);
  try {
    const reader = new Reader({ database, options });
    const tables = reader.read({ sql: "SELECT 1 FROM sqlite_master WHERE name IN ('audit_log', 'audit_chain_head')" });
    if (tables.length === 2) return work(reader);
  } catch (error) {
    // The remedy in a store's message (it moves a damaged file aside) does not apply here.
    if (error instanceof StoreCorrupt) throw new StoreCorrupt(`${path} is damaged or not a database`);
    throw error;
  } finally {
    database.close();
  }
  throw new StoreCorrupt(`${path} contains no audit log`);
}
