export type { Contribution, RunningNode } from './entity/contribution.ts';
export type {
  App,
  Area,
  Component,
  Entity,
  EntityKind,
  EntityLists,
  EntityOf,
  EntityRef,
  FunctionEntity,
  NodeBinding,
  Origin,
  ResourceAddress,
} from './entity/entity.ts';
export { ENTITY_KINDS, LOCAL, listOf } from './entity/entity.ts';
export { entityIdProblem, isEntityId, MAX_ENTITY_ID_LENGTH, toEntityId } from './entity/entity-id.ts';
export { type AssignedId, type IdRegistry, idRegistry, type NodeIds, nodeIds } from './entity/id-registry.ts';
export { indexEntities } from './entity/index-entities.ts';
export { isLocal } from './entity/is-local.ts';
export { LOCK_SCOPES, type LockSettings } from './entity/lock-settings.ts';
export { NAMEPLATE_FIELDS, type Nameplate, type NameplateField } from './entity/nameplate.ts';
export { nameOfNativeId, nativeIdOf } from './entity/native-id.ts';
export type { EntityTree } from './entity/tree.ts';
export type {
  ConfigurationChanged,
  CoreEvents,
  EntitiesChanged,
  EntityRenamed,
  IncidentChanged,
  IncidentEventType,
  LockChanged,
  LogAdded,
  ResourceChanged,
} from './events/core-events.ts';
export { type EventBus, eventBus } from './events/event-bus.ts';
export { advanceCursor, type Cursor, cursorOf, cursorText } from './events/event-cursor.ts';
export { fieldPath, withCaptureHistories } from './faults/capture-histories.ts';
export {
  FAULT_STATUSES,
  type Fault,
  type FaultCluster,
  type FaultCondition,
  type FaultOccurrence,
  type FaultReporter,
  type FaultSeverity,
  type FaultStatus,
  type FaultSymptom,
  type FaultThresholds,
  isFaultStatus,
  type SourceResult,
} from './faults/fault.ts';
export {
  FAULT_STREAM_EVENT_TYPES,
  type FaultEvent,
  type FaultEventPage,
  type FaultEventQuery,
  type FaultEventType,
  type FaultStreamEventType,
  streamEventTypes,
} from './faults/fault-event.ts';
export type {
  ChannelMeaning,
  FaultRecording,
  FaultSnapshot,
  FieldHistory,
  FieldLimit,
  FileSource,
  FrameProvenance,
  FreezeFrame,
  LogExcerpt,
  RecordingSource,
} from './faults/fault-evidence.ts';
export { CHANNEL_ROLES } from './faults/fault-evidence.ts';
export type { FaultRecord } from './faults/fault-record.ts';
export type { FaultReport, ReportedCondition } from './faults/fault-report.ts';
export { listedStatus } from './faults/list-item-status.ts';
export { stringifyCached } from './json/cached-json.ts';
export { NumberOutOfRange, parseJson, parseJsonInput, stringifyJson } from './json/json.ts';
export { fieldsOf, isJsonObject, type JsonFields, type JsonObject, type JsonValue } from './json/json-object.ts';
export { rawNumber } from './json/raw-number.ts';
export { type LogBuffers, logBuffers } from './logs/log-buffer.ts';
export { arrivalNs, isLogSeverity, type Log, type LogEntry, type LogRecord, severityRank } from './logs/log-entry.ts';
export type { LogProvider, LogReader, LogScope } from './logs/log-provider.ts';
export { endTest, type LogCursor, type LogQuery } from './logs/log-query.ts';
export type { LogFigures } from './logs/log-store.ts';
export { loggerKey, loggerPath } from './logs/logger-names.ts';
export { oncePerKey } from './logs/once-per-key.ts';
export { memoizeByObject } from './memoize-by-object.ts';
export { closestNames, nearestName } from './names/closest-names.ts';
export { fnv1a, fnv1aHex, keepsAllParts } from './names/name-hash.ts';
export { resolveName } from './names/resolve-name.ts';
export {
  type Awaitable,
  abandonedCallError,
  andThen,
  type CallContext,
  callContext,
  callerFromSignal,
  isPromise,
  type Waiting,
  withCaller,
} from './providers/call-context.ts';
export type {
  ConfigurationChange,
  ConfigurationEntry,
  ConfigurationProvider,
  ConfigurationRange,
  ConfigurationReset,
  ConfigurationValue,
  ExternalConfigurationChange,
  NamedChange,
} from './providers/configuration-provider.ts';
export type {
  DataChannel,
  DataEntry,
  DataPicture,
  DataProvider,
  DataReading,
  DataSample,
  DataWatch,
  DataWrite,
  DataWriteResult,
  NativeTerms,
  RecentQuery,
  RecentValues,
  TypeInfo,
} from './providers/data-provider.ts';
export {
  type EvidenceChannel,
  type ExplainedFault,
  FAULT_MANAGER_ID,
  type FaultDetail,
  type FaultList,
  type FaultProvider,
} from './providers/fault-provider.ts';
export type { ForwardProvider, ForwardReply, ForwardRequest } from './providers/forward-provider.ts';
export { LifecycleError, type LifecycleErrorInit, type LifecycleFailure } from './providers/lifecycle-error.ts';
export type { LastTransition, LifecycleProvider, LifecycleStatus } from './providers/lifecycle-provider.ts';
export {
  type ManagedScript,
  SCRIPT_FORMATS,
  type ScriptArgument,
  type ScriptFormat,
} from './providers/managed-script.ts';
export type { FaultFollower, ObservedFault, ObserveProvider } from './providers/observe-provider.ts';
export type {
  Execution,
  Invocation,
  OperationChange,
  OperationEntry,
  OperationProvider,
  OperationRequest,
  RecentExecution,
  ServiceCallEnd,
  ServiceCallOutcome,
} from './providers/operation-provider.ts';
export {
  ALL_PERMISSIONS,
  type EntityLimits,
  type EntityScope,
  type FleetScope,
  GATEWAY,
  gatewayPrincipal,
  type Principal,
} from './providers/principal.ts';
export { assertQuota, ownerOf, reserveQuota } from './providers/quota-owner.ts';
export {
  type RecentScriptExecution,
  SCRIPT_ACTIONS,
  type ScriptAction,
  type ScriptEntry,
  type ScriptExecution,
  type ScriptFailure,
  type ScriptOutput,
  type ScriptProvider,
  type ScriptStart,
  type ScriptUpload,
} from './providers/script-provider.ts';
export type { ScriptJob, ScriptNews, ScriptRunner } from './providers/script-runner.ts';
export type {
  ExecuteOptions,
  UnregisteredArtifact,
  UpdateMetadata,
  UpdateProgress,
  UpdateProvider,
} from './providers/update-provider.ts';
export { errorMessage } from './runtime/error-message.ts';
export type { ProviderSpans } from './runtime/guarded-providers.ts';
export { mergeBlocks, quotaBlock } from './runtime/health-blocks.ts';
export { loading } from './runtime/load-once.ts';
export { type Model, openModel } from './runtime/model.ts';
export {
  FIRST_DISCOVERY_MS,
  LOCAL_RUNTIME,
  type Providers,
  type Runtime,
  type RuntimeHealth,
  type RuntimeHost,
  type Warning,
} from './runtime/runtime.ts';
export type { Sampler } from './subscriptions/sampler.ts';
export type { SubscriptionEvent } from './subscriptions/subscription-event.ts';
export type { SubscriptionTransport } from './subscriptions/subscription-transport.ts';
export { DAY_NAMES, parseDay, parseHours, parseWeeklyHours, parseZone } from './time/parse-hours.ts';
export { type Hours, type WeeklyState, weeklyState } from './time/weekly-hours.ts';
export { dropMalformedTrace, type TraceContext, traceContextOf, traceparentOf } from './tracing/trace-context.ts';
export type {
  PastSpan,
  Span,
  SpanAttributes,
  SpanEnd,
  SpanKind,
  SpanStart,
  SpanValue,
  Tracer,
} from './tracing/tracer.ts';
export type { TriggerCondition } from './triggers/trigger-condition.ts';
export { affectedEntities, updatedComponents, updateOrigins } from './updates/affected-entities.ts';
