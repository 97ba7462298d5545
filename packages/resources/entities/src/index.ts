/** The resources that runtimes serve, and the fan-out of requests to the runtimes that serve them. */
export { type BulkDataFile, noSuchItem } from './bulk-data/bulk-data-file.ts';
export { type BulkDataService, createBulkDataService } from './bulk-data/bulk-data-service.ts';
export { BulkDataStore } from './bulk-data/bulk-data-store.ts';
export type { EvidenceFiles } from './bulk-data/evidence-files.ts';
export { type FilePart, readParts, type UploadPart } from './bulk-data/upload.ts';
export type { ConfigurationObserver } from './configurations/configuration-owner.ts';
export { type ConfigurationService, createConfigurationService } from './configurations/configuration-service.ts';
export { HIDDEN_VALUE, isSecretName, maskSecret } from './configurations/secret-values.ts';
export type { DataOwner } from './data/data-owner.ts';
export { createDataService, type DataService } from './data/data-service.ts';
export { type NamedData, namedData, resolveOwners } from './data/named-data.ts';
export { readRounds } from './data/read-rounds.ts';
export { resolveItems, withoutSlash } from './data/resolve-items.ts';
export { entityDetail } from './discovery/entity-detail.ts';
export { entityList } from './discovery/entity-list.ts';
export { listedEntities } from './discovery/listed-entities.ts';
export { entityOf } from './discovery/lookup.ts';
export * from './discovery/relations.ts';
export { treeSnapshot } from './discovery/tree-snapshot.ts';
export { BatchForwarder, type ForwarderState } from './log-sinks/batch-forwarder.ts';
export { elasticsearchSink } from './log-sinks/elasticsearch.ts';
export type { BatchSink, LogSink, SinkTarget } from './log-sinks/log-sink.ts';
export { entityOfLogger, type LogSinks, openLogSinks } from './log-sinks/log-sinks.ts';
export { lokiSink } from './log-sinks/loki.ts';
export { otlpSink } from './log-sinks/otlp.ts';
export { type OtlpAttribute, otlpVerdict } from './log-sinks/otlp-protocol.ts';
export { logItem } from './logs/log-item.ts';
export { createLogService, type LogService } from './logs/log-service.ts';
export { entitiesOfLog } from './logs/log-sources.ts';
export { ask, CHANGE, type Gathered, LIST, type Owned, type OwnerQuery } from './members/ask.ts';
export { dormancy, dormancyWarnings } from './members/dormancy.ts';
export { entityKey, subtree, subtreeKeys } from './members/entity-key.ts';
export { errorsWith, withParameters } from './members/error-parameters.ts';
export { failedMembers } from './members/failed-members.ts';
export {
  entitiesAt,
  isAggregate,
  type Owner,
  ownersOf,
  placesOf,
  type StoringRuntime,
  storingRuntimes,
} from './members/owners.ts';
export { isServed, notServed } from './members/ownership.ts';
export { renamedEntity } from './members/renamed-entity.ts';
export { assertOwner, type OwnerProblem, publicOwner } from './members/resource-owner.ts';
export {
  NO_OBSERVATION_LIMITS,
  type ObservationLimits,
  type Observed,
  type Observer,
} from './observed/observation-limits.ts';
export { type ObservedResource, observedResource, renamedUri } from './observed/observed-resource.ts';
export { namedOperations } from './operations/named-operations.ts';
export type { OperationOwner } from './operations/operation-owner.ts';
export {
  createOperationService,
  type ExecutionPath,
  type OperationPath,
  type OperationService,
} from './operations/operation-service.ts';
export { createStatusService, type StatusKind, type StatusService } from './status/status-service.ts';
export { isoTime, timestampNs } from './values/iso-time.ts';
export { primaryValue } from './values/primary-value.ts';
export { primaryNumber, toNumber, toStrictNumber } from './values/to-number.ts';
