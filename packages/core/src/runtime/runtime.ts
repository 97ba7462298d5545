import type { Contribution } from '../entity/contribution.ts';
import type { Origin } from '../entity/entity.ts';
import type { FaultEvent } from '../faults/fault-event.ts';
import type { LogEntry, LogRecord } from '../logs/log-entry.ts';
import type { StoredLogsOptions } from '../logs/stored-logs.ts';
import type { ConfigurationProvider, ConfigurationSeen } from './configuration-provider.ts';
import type { DataProvider } from './data-provider.ts';
import type { FaultProvider } from './fault-provider.ts';
import type { ForwardProvider } from './forward-provider.ts';
import type { LifecycleProvider } from './lifecycle-provider.ts';
import type { LogProvider } from './log-provider.ts';
import type { ObserveProvider } from './observe-provider.ts';
import type { OperationChange, OperationProvider } from './operation-provider.ts';
import type { ScriptProvider } from './script-provider.ts';

/** How long after the start of a gateway what is there already may take to be found: in a graph up to 4.6 s. */
export const FIRST_DISCOVERY_MS = 5000;

/** Something a person can act on, shown in `/health`. Field names as on the wire (`HealthWarning`). */
export interface Warning {
  readonly code: string;
  /** What is wrong and what to do about it, in one or two sentences. */
  readonly message: string;
  readonly entityIds?: readonly string[];
  readonly nodes?: readonly string[];
  readonly peerNames?: readonly string[];
}

/** What a runtime says of its own state: blocks for `/health`, keyed as on the wire (`x-medkit-data-provider`, …). */
export interface RuntimeHealth {
  readonly warnings: readonly Warning[];
  readonly blocks: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/**
 * The resources a runtime serves; each provider is optional. A provider is a plain object of asynchronous methods that
 * take the entity's native id first and the `CallContext` last: so one guard fits them all.
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

/** A line for the operator's log. */
export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** What a runtime gets from the house it lives in. */
export interface RuntimeHost {
  /** To be called whenever `contribution()` would answer something else. Calls of one moment are taken as one. */
  changed(): void;
  /** To be called whenever an entity may have other data items than before, where its contribution stays as it is. */
  dataChanged(): void;
  /**
   * To be called with everything that a runtime hears being logged, or logs itself. What is kept of it is served as the log of
   * its entities, where the runtime says that it records. `source` names who logs, such as a process: one source may not take
   * the places of all loggers.
   */
  record(record: LogRecord, source?: string): void;
  /** What is kept of what it recorded of these loggers and those below them, in the order it came. */
  recorded(loggers: readonly string[]): readonly LogEntry[];
  /** To be called with every event of a runtime with a fault manager, in the order of their ids, once it is on disk. */
  faultChanged(event: FaultEvent): void;
  /** To be called with every new status of an execution that a runtime hears of. */
  operationChanged(change: OperationChange): void;
  /** To be called with every configuration that somebody else than this gateway was seen to change. */
  configurationChanged(change: ConfigurationSeen): void;
  readonly log: Log;
}

/** What the loggers of a runtime have to do with its entities. */
export type LogNaming = Pick<StoredLogsOptions, 'isEntity'>;

/** The name of the gateway among its runtimes: what nobody else keeps is kept there. With a dot: no plugin can have it. */
export const LOCAL_RUNTIME = 'medkit.local';

/** Anything that contributes entities and serves their resources: a graph of nodes, a PLC, the host, another gateway. */
export interface Runtime {
  readonly name: string;
  /** The gateway whose entities it tells: this one where absent. */
  readonly origin?: Origin;
  readonly providers: Providers;
  /** That it records what is logged: the gateway keeps and serves its log, unless it has a provider of logs. */
  readonly records?: LogNaming;
  start(host: RuntimeHost): Promise<void>;
  stop(): Promise<void>;
  contribution(): Contribution;
  health(): Promise<RuntimeHealth>;
}
