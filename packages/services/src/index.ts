export type { BulkDataFile } from './bulk-data/bulk-data-file.ts';
export {
  type BulkDataService,
  type BulkDataServiceOptions,
  createBulkDataService,
} from './bulk-data/bulk-data-service.ts';
export { BulkDataStore, type BulkDataStoreOptions } from './bulk-data/bulk-data-store.ts';
export type { UploadPart } from './bulk-data/upload.ts';
export {
  type ConfigurationService,
  createConfigurationService,
} from './configurations/configuration-service.ts';
export type { DataCategory, DataGroup, GroupList } from './data/data-groups.ts';
export { createDataService, type DataService, type DataServiceOptions } from './data/data-service.ts';
export { type EntityDetailOf, entityDetail } from './discovery/entity-detail.ts';
export { type EntityListOf, entityList } from './discovery/entity-list.ts';
export { entityOf, presentEntity } from './discovery/lookup.ts';
export * from './discovery/relations.ts';
export type { FaultTrigger, FaultTriggerRule } from './fault-triggers/fault-trigger.ts';
export {
  type FaultTriggerOptions,
  type FaultTriggerService,
  openFaultTriggers,
} from './fault-triggers/fault-trigger-service.ts';
export type { TriggerStorage } from './fault-triggers/trigger-storage.ts';
export { type EntityFrames, openEntityFrames } from './faults/entity-frames/entity-frames.ts';
export { createFaultLog, type FaultLog, faultStreamEvent } from './faults/fault-log.ts';
export { createFaultService, type FaultService, type FaultServiceOptions } from './faults/fault-service.ts';
export { type HealthOptions, healthStatus } from './health/health-status.ts';
export type { Lock } from './locks/lock.ts';
export { type LockAccess, OPEN_ACCESS } from './locks/lock-access.ts';
export type { LockService } from './locks/lock-service.ts';
export type { LockStorage } from './locks/lock-storage.ts';
export { type Locks, type LocksOptions, openLocks } from './locks/open-locks.ts';
export { elasticsearchSink } from './log-sinks/elasticsearch.ts';
export type { LogSink, SinkTarget } from './log-sinks/log-sink.ts';
export { entityOfLogger, type LogSinks, openLogSinks } from './log-sinks/log-sinks.ts';
export { lokiSink } from './log-sinks/loki.ts';
export { otlpSink } from './log-sinks/otlp.ts';
export { createLogService, type LogNote, type LogService, type LogServiceOptions } from './logs/log-service.ts';
export {
  createOperationService,
  type Executed,
  type ExecutionPath,
  type OperationPath,
  type OperationService,
  type OperationServiceOptions,
} from './operations/operation-service.ts';
export {
  createRecordingService,
  type RecordingServiceOptions,
} from './recordings/recording-service.ts';
export { createSnapshotService } from './snapshots/snapshot-service.ts';
export { createStatusService, type StatusKind, type StatusService } from './status/status-service.ts';
