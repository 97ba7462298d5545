/**
 * The fault manager. It debounces reports of faults until they are confirmed or healed, stores them on disk, and
 * correlates them. The package does not depend on the origin of reports: a source is a text.
 */

export { AUDIT_RECEIPT, type AuditFacts, AuditLog } from './audit/audit-log.ts';
export { auditedStorage } from './audit/audited-storage.ts';
export { globalBand } from './configuration/debounce-rules.ts';
export { explain } from './configuration/explain.ts';
export {
  DEFAULT_FAULT_CONFIGURATION,
  FAULT_SETTINGS,
  type FaultConfiguration,
} from './configuration/fault-settings.ts';
export { type FaultConfigurationReading, readFaultConfiguration } from './configuration/read-fault-configuration.ts';
export { type Correlation, correlation } from './correlation/correlation.ts';
export type { CorrelationRule } from './correlation/correlation-rule.ts';
export { explainAcross, type OpenFault, originCode } from './correlation/explain-across.ts';
export { type CorrelationRulesReading, readCorrelationRules } from './correlation/read-correlation-rules.ts';
export type { DebounceBand } from './debounce/debounce-band.ts';
export { type DiskSpaceFacts, DiskSpaceGuard } from './disk-space/disk-space.ts';
export { type EvidenceRegistry, evidenceRegistry } from './evidence/evidence-registry.ts';
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
export { type MedkitFaults, type MedkitFaultsOptions, medkitFaults } from './local/connect-fault-manager.ts';
export type { FaultHealth, FaultMemory, FaultState, ReportAbout } from './local/fault-memory.ts';
export {
  type FaultContribution,
  type FaultHost,
  type FaultManagerMode,
  LocalFaults,
  type LocalFaultsOptions,
  RETRY_MS,
} from './local/local-faults.ts';
export type { OpenFaultManager } from './local/open-fault-manager.ts';
export { frameData, storedEvidence } from './local/stored-evidence.ts';
export type * from './logs/log-source.ts';
export type { LogWindow } from './logs/log-window.ts';
export { type FaultLogs, type FaultLogsOptions, startFaultLogs } from './logs/start-fault-logs.ts';
export {
  type ClearAnswer,
  type FaultManager,
  type FaultManagerOptions,
  type ReportAnswer,
  startFaultManager,
} from './manager/fault-manager.ts';
export type { FaultList, FaultQuery } from './manager/fault-query.ts';
export type { FaultAmendment, FaultReport } from './manager/fault-report.ts';
export type { NearMiss } from './near-misses/near-miss.ts';
export type { Occurrence } from './occurrences/occurrence.ts';
export type { CatalogueRecording } from './recordings/catalogue/recording-rows.ts';
export {
  type FaultRecordings,
  type FaultRecordingsOptions,
  type RecordingFacts,
  startFaultRecordings,
} from './recordings/fault-recordings.ts';
export type { BagFormat, BagShelf } from './recordings/files/bag.ts';
export {
  type BagReader,
  BagUnreadable,
  joinBags,
  type RecordedMessage,
  type RecordedTopic,
} from './recordings/reading/bag-reader.ts';
export { openMcapReader, type RandomAccess } from './recordings/reading/mcap-reader.ts';
export { openSqliteReader } from './recordings/reading/sqlite-reader.ts';
export {
  type BlackBox,
  type BlackBoxFacts,
  type BlackBoxOptions,
  startBlackBox,
} from './recordings/recorder/black-box.ts';
export type { Recording, RecordingSettings } from './recordings/recorder/recording.ts';
export { recordingIdProblem } from './recordings/recorder/recording-name.ts';
export { recordingSettings } from './recordings/recorder/recording-settings.ts';
export { recordingFiles } from './recordings/recording-files.ts';
export type * from './recordings/tap/tap-provider.ts';
export { threadedBagShelf } from './recordings/thread/threaded-shelf.ts';
export type { FaultSnapshots, SnapshotFacts } from './snapshots/fault-snapshots.ts';
export { MAX_HISTORY_MESSAGE_OCTETS } from './snapshots/frames/trim-topics.ts';
export { type FaultSnapshotsOptions, startFaultSnapshots } from './snapshots/start-fault-snapshots.ts';
export { type NamedTopics, namedTopics } from './snapshots/topics/named-topics.ts';
export { readSnapshotTopics, type SnapshotTopicsReading } from './snapshots/topics/read-snapshot-topics.ts';
export {
  configuredTopics,
  NO_SNAPSHOT_TOPICS,
  type SnapshotTopics,
  type TopicLookup,
} from './snapshots/topics/snapshot-topics.ts';
export type { CaptureIntent } from './storage/capture-intent.ts';
export { type FaultStorage, faultStorage } from './storage/fault-storage.ts';
export { FAULT_TABLES } from './storage/fault-tables.ts';
export type { StoredFrame } from './storage/stored-frame.ts';
export { type EntityThresholds, entityThresholds, type ResolvedBand } from './thresholds/entity-thresholds.ts';
export { type EntityThresholdsReading, readEntityThresholds } from './thresholds/read-entity-thresholds.ts';
export type * from './topic-sampler.ts';
