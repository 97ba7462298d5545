import type { Contribution } from '../entity/contribution.ts';
import type { Origin } from '../entity/entity.ts';
import type { FaultEvent } from '../faults/fault-event.ts';
import type { Log, LogEntry, LogRecord } from '../logs/log-entry.ts';
import type { LogProvider } from '../logs/log-provider.ts';
import type { StoredLogsOptions } from '../logs/stored-logs.ts';
import type { ConfigurationProvider, ExternalConfigurationChange } from '../providers/configuration-provider.ts';
import type { DataProvider } from '../providers/data-provider.ts';
import type { FaultProvider } from '../providers/fault-provider.ts';
import type { ForwardProvider } from '../providers/forward-provider.ts';
import type { LifecycleProvider } from '../providers/lifecycle-provider.ts';
import type { ObserveProvider } from '../providers/observe-provider.ts';
import type { OperationChange, OperationProvider, ServiceCallEnd } from '../providers/operation-provider.ts';
import type { ScriptProvider } from '../providers/script-provider.ts';

/** Maximum time after startup until the existing nodes are discovered: up to 4.6 s in a graph. */
export const FIRST_DISCOVERY_MS = 5000;

/** A problem that an operator can act on, shown in `/health`. Field names as on the wire (`HealthWarning`). */
export interface Warning {
  readonly code: string;
  /** The problem and its remedy, in one or two sentences. */
  readonly message: string;
  readonly entityIds?: readonly string[];
  readonly nodes?: readonly string[];
  readonly peerNames?: readonly string[];
}

/** The health of a runtime: blocks for `/health`, keyed as on the wire (`x-medkit-data-provider`, …). */
export interface RuntimeHealth {
  readonly warnings: readonly Warning[];
  readonly blocks: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * The resources that a runtime serves; each provider is optional. A provider is a plain object of asynchronous methods.
 * They take the entity's native id first and the `CallContext` last, so that one guard fits all of them.
 */
export interface Providers {
  readonly configurations?: ConfigurationProvider;
  readonly data?: DataProvider;
  readonly faults?: FaultProvider;
  readonly forwarding?: ForwardProvider;
  readonly lifecycle?: LifecycleProvider;
  readonly logs?: LogProvider;
  readonly observing?: ObserveProvider;
  readonly operations?: OperationProvider;
  readonly scripts?: ScriptProvider;
}

/** The services that the gateway offers to a runtime. */
export interface RuntimeHost {
  /** Call this whenever `contribution()` would return something else. Calls in quick succession lead to one merge. */
  changed(): void;
  /** Call this whenever the data items of an entity may have changed while its contribution stays the same. */
  dataChanged(): void;
  /**
   * Call this with every log record that the runtime receives or writes. If the runtime sets `records`, the gateway
   * stores the record and serves it as the log of its entities. `source` names the writer, such as a process. One
   * source cannot use up the places of all loggers.
   */
  record(record: LogRecord, source?: string): void;
  /** Returns the stored records of these loggers and those below them, in order of arrival. */
  recorded(loggers: readonly string[]): readonly LogEntry[];
  /**
   * Call this with every event of the runtime's fault manager, in the order of their ids, once the event is on disk.
   */
  faultChanged(event: FaultEvent): void;
  /** Call this with every status change of an execution. */
  operationChanged(change: OperationChange): void;
  /** Call this with the result of every call of a service of the runtime. */
  serviceCalled(call: ServiceCallEnd): void;
  /** Call this with every configuration change that was not made by this gateway. */
  configurationChanged(change: ExternalConfigurationChange): void;
  readonly log: Log;
}

/** How the loggers of a runtime map to its entities. */
export type LogNaming = Pick<StoredLogsOptions, 'isEntity'>;

/**
 * Name of the gateway's built-in runtime, which stores what no other runtime stores. The dot keeps plugins from using
 * it.
 */
export const LOCAL_RUNTIME = 'medkit.local';

/** A source of entities that also serves their resources: a graph of nodes, a PLC, the host, another gateway. */
export interface Runtime {
  readonly name: string;
  /** The gateway whose entities it reports; this gateway if absent. */
  readonly origin?: Origin;
  readonly providers: Providers;
  /**
   * Set if the runtime reports log records. The gateway then stores and serves its log, unless the runtime has a log
   * provider.
   */
  readonly records?: LogNaming;
  start(host: RuntimeHost): Promise<void>;
  stop(): Promise<void>;
  contribution(): Contribution;
  health(): Promise<RuntimeHealth>;
}
