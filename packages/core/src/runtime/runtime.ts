import type { Contribution } from '../entity/contribution.ts';
import type { DataProvider } from './data-provider.ts';

/** Something a person can act on, shown in `/health`. Field names as on the wire (`HealthWarning`). */
export interface Warning {
  readonly code: string;
  /** What is wrong and what to do about it, in one or two sentences. */
  readonly message: string;
  readonly entityIds?: readonly string[];
  readonly nodeFqns?: readonly string[];
  readonly peerNames?: readonly string[];
}

/** What a runtime says of its own state: blocks for `/health`, keyed as on the wire (`x-medkit-data-provider`, …). */
export interface RuntimeHealth {
  readonly warnings: readonly Warning[];
  readonly blocks: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
}

/** The resources a runtime serves; each provider is optional. */
export interface Providers {
  readonly data?: DataProvider;
}

/** A line for the operator's log. */
export type Log = (level: 'info' | 'warn' | 'error', message: string) => void;

/** What a runtime gets from the house it lives in. */
export interface RuntimeHost {
  /** To be called whenever `contribution()` would answer something else. Calls of one moment are taken as one. */
  changed(): void;
  readonly log: Log;
}

/** Anything that contributes entities and serves their resources: a ROS graph, a PLC, the host, another gateway. */
export interface Runtime {
  readonly name: string;
  readonly providers: Providers;
  start(host: RuntimeHost): Promise<void>;
  stop(): Promise<void>;
  contribution(): Contribution;
  health(): Promise<RuntimeHealth>;
}
