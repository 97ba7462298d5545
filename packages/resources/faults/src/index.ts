/**
 * The fault manager. It debounces reports of faults until they are confirmed or healed, stores them on disk, and
 * correlates them. The package does not depend on the origin of reports: a source is a text. The service answers
 * requests on the faults of all fault managers.
 */

export { AUDIT_RECEIPT, AuditLog } from './audit/audit-log.ts';
export { auditedStorage } from './audit/audited-storage.ts';
export { createRecordingService } from './bulk-data/recording-service.ts';
export { createSnapshotService } from './bulk-data/snapshot-service.ts';
export { globalBand } from './configuration/debounce-rules.ts';
export { explain } from './configuration/explain.ts';
export {
  DEFAULT_FAULT_CONFIGURATION,
  FAULT_SETTINGS,
  type FaultConfiguration,
} from './configuration/fault-settings.ts';
export { readFaultConfiguration } from './configuration/read-fault-configuration.ts';
export { correlation } from './correlation/correlation.ts';
export type { CorrelationRule } from './correlation/correlation-rule.ts';
export { explainAcross, type OpenFault, originCode } from './correlation/explain-across.ts';
export { type CorrelationRulesReading, readCorrelationRules } from './correlation/read-correlation-rules.ts';
export { DiskSpaceGuard } from './disk-space/disk-space.ts';
export type { EvidenceSources } from './evidence/evidence-sources.ts';
export type { FaultRecords } from './evidence/fault-records.ts';
export { faultCodeProblem } from './fault/fault-code.ts';
export {
  type ConditionHolder,
  codeOfFailed,
  codesOfPassed,
  withFailing,
  withPassed,
} from './fault/fault-conditions.ts';
export { SEVERITY } from './fault/severity.ts';
export type { FaultTrigger } from './fault-triggers/fault-trigger.ts';
export { type FaultTriggerService, openFaultTriggers } from './fault-triggers/fault-trigger-service.ts';
export type { TriggerStorage } from './fault-triggers/trigger-storage.ts';
export { type MedkitFaults, type MedkitFaultsOptions, medkitFaults } from './local/connect-fault-manager.ts';
export type { FaultHealth, FaultMemory, FaultState, ReportAbout } from './local/fault-memory.ts';
export { type FaultHost, type FaultManagerMode, LocalFaults, RETRY_MS } from './local/local-faults.ts';
export type { OpenFaultManager } from './local/open-fault-manager.ts';
export { frameData, storedEvidence } from './local/stored-evidence.ts';
export type * from './logs/log-source.ts';
export type { LogWindow } from './logs/log-window.ts';
export { type FaultLogs, startFaultLogs } from './logs/start-fault-logs.ts';
export { type FaultManager, type FaultManagerOptions, startFaultManager } from './manager/fault-manager.ts';
export type { FaultList } from './manager/fault-query.ts';
export type { FaultReport } from './manager/fault-report.ts';
export type { CatalogueRecording } from './recordings/catalogue/recording-rows.ts';
export { type FaultRecordings, type RecordingFacts, startFaultRecordings } from './recordings/fault-recordings.ts';
export type { BagFormat } from './recordings/files/bag.ts';
export { startBlackBox } from './recordings/recorder/black-box.ts';
export type { Recording } from './recordings/recorder/recording.ts';
export { recordingIdProblem } from './recordings/recorder/recording-name.ts';
export { recordingSettings } from './recordings/recorder/recording-settings.ts';
export { recordingFiles } from './recordings/recording-files.ts';
export type * from './recordings/tap/tap-provider.ts';
export { threadedBagShelf } from './recordings/thread/threaded-shelf.ts';
export { type FrameStorage, openEntityFrames } from './service/entity-frames/entity-frames.ts';
export { isSet, statusesOf } from './service/fault-filter.ts';
export { faultItem } from './service/fault-item.ts';
export { clusterItem } from './service/fault-list.ts';
export { faultLogs, faultNewsOf, faultStreamEvent } from './service/fault-log.ts';
export { type FaultOwner, localManager, queryManagers } from './service/fault-managers.ts';
export { createFaultService, type FaultService } from './service/fault-service.ts';
export {
  allLocalSources,
  entitiesOfFault,
  failingSources,
  faultHost,
  localSources,
  namesOf,
  reporterNamed,
} from './service/fault-sources.ts';
export { treeFaults } from './service/tree-faults.ts';
export { visibleFault } from './service/visible-faults.ts';
export type { StoredCapture } from './snapshots/capture/capture-writer.ts';
export type { FaultSnapshots, SnapshotFacts } from './snapshots/fault-snapshots.ts';
export { MAX_HISTORY_MESSAGE_OCTETS } from './snapshots/frames/trim-topics.ts';
export { type FaultSnapshotsOptions, startFaultSnapshots } from './snapshots/start-fault-snapshots.ts';
export { namedTopics } from './snapshots/topics/named-topics.ts';
export { readSnapshotTopics } from './snapshots/topics/read-snapshot-topics.ts';
export { configuredTopics, NO_SNAPSHOT_TOPICS, type SnapshotTopics } from './snapshots/topics/snapshot-topics.ts';
export type { NewFaultEvent } from './storage/fault-event.ts';
export { faultStorage } from './storage/fault-storage.ts';
export { FAULT_TABLES } from './storage/fault-tables.ts';
export type { StoredFrame } from './storage/stored-frame.ts';
export { type BandOverride, type EntityThresholds, entityThresholds } from './thresholds/entity-thresholds.ts';
export { readEntityThresholds } from './thresholds/read-entity-thresholds.ts';
export type * from './topic-sampler.ts';
