/**
 * The single owner of a SQLite file. Callers write statements with events and audit records, and read rows. Each write
 * is one transaction that is on disk when it is acknowledged. Requests and results are plain data. The package knows no
 * tables: their owners provide migrations.
 */

export type { AuditRecord, AuditVerdict } from './audit/audit-record.ts';
export { readAuditFile, verifyAuditFile } from './audit-file.ts';
export type { EventPage, NewEvent, StoredEvent } from './engine/event-log.ts';
export type { AuditLimits } from './engine-options.ts';
export * from './errors.ts';
export { type LockOwner, LockTaken, type OwnerLock, takeOwnerLock } from './file/owner-lock.ts';
export { backUpDatabase, moveDatabase } from './file/rewrite-database.ts';
export { type MemoryStoreOptions, memoryStore } from './memory-store.ts';
export { addColumn, type Migration, type MigrationStep, type Migrations } from './migrations/migration.ts';
export { openStore, type StoreOptions } from './open-store.ts';
export { type DatabaseFileOptions, isLockHeld, type ReadFile, readDatabaseFile } from './read-database.ts';
export { chainedHash, chainedHex } from './sql/chained-hash.ts';
export type { Parameters, Row, SqlValue } from './sql/values.ts';
export type * from './store.ts';
