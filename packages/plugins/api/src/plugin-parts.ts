import type {
  CallContext,
  EntityLists,
  FaultProvider,
  FaultRecording,
  LogReader,
  Providers,
  RecordingSource,
  RuntimeHealth,
  Sampler,
  ScriptProvider,
  ScriptRunner,
  SubscriptionTransport,
  TriggerCondition,
  UpdateProvider,
} from '@medkit/core';
import type { PluginRoute } from './plugin-route.ts';

/** What a plugin tells of the tree: plain data, replaced as a whole whenever it is asked again. */
export interface PluginContribution {
  /** Entities of its own. Its providers are asked for their resources, by the id of the entity. */
  readonly entities?: Partial<EntityLists>;
  /** Fields that it adds to entities of others; nothing where nobody else tells of the entity. */
  readonly additions?: Partial<EntityLists>;
}

/** What a plugin does with the scripts of apps and components that need not be its own, in the place of the gateway. */
export interface PluginScripts {
  /** Whose: ids and globs of them, `lidar_*`, `components/*`; all unless given. */
  readonly entities?: readonly string[];
  /** Has their scripts: uploads, executions, all of it. It gets `apps/lidar_driver` as the native id. */
  readonly provider?: ScriptProvider;
  /** Runs those that the gateway keeps. */
  readonly runner?: ScriptRunner;
}

/** A recording by where it lies on this machine, its folder or its file: what is served of it are files `.mcap` and `.db3`. */
export interface PlacedRecording extends FaultRecording {
  readonly path: string;
}

/** A recording that a plugin opens itself, or, as in a process of its own, from which no function crosses, one by its place. */
export type PluginRecording = RecordingSource | PlacedRecording;

/** As `FaultProvider`; recordings may be told by their place. */
export type PluginFaultProvider = Omit<FaultProvider, 'recordings' | 'recording'> & {
  /** Recordings of faults that any of these sources reported, the newest first. */
  recordings(nativeId: string, sources: readonly string[], call: CallContext): Promise<readonly PluginRecording[]>;
  /** A recording by its own name, else the newest of the fault of that code. */
  recording(nativeId: string, idOrCode: string, call: CallContext): Promise<PluginRecording | undefined>;
};

export type PluginProviders = Omit<Providers, 'faults'> & { readonly faults?: PluginFaultProvider };

/**
 * All that a plugin adds; each part is optional. Every call has a deadline and its failure harms nobody else; a plugin that
 * keeps failing is switched off, which `/health` says.
 */
export interface PluginParts {
  contribution?(): Promise<PluginContribution>;
  /** Resources of its own entities: the native id is the id of the entity. */
  readonly providers?: PluginProviders;
  readonly routes?: readonly PluginRoute[];
  /** What can be subscribed to of entities besides what the gateway serves, by collection, whose name begins with `x-`. */
  readonly samplers?: Readonly<Record<string, Sampler>>;
  /** Ways in which the events of subscriptions can be delivered besides event streams, by protocol. */
  readonly transports?: Readonly<Record<string, SubscriptionTransport>>;
  /** Conditions of triggers besides those of the gateway, by the `condition_type` that clients give, which begins with `x-`. */
  readonly conditions?: Readonly<Record<string, TriggerCondition>>;
  /** What installs software on the robot, in the place of medkit's own provider. */
  readonly updates?: UpdateProvider;
  readonly scripts?: PluginScripts;
  /** Where the logs of all entities are read from, in the place of what runtimes keep. */
  readonly logs?: LogReader;
  /** Warnings and a block of `/health`, `x-medkit-<name>`. */
  health?(): Promise<RuntimeHealth>;
  /** Ends its timers and whatever it opened. */
  stop?(): Promise<void>;
}
