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

/** The entities that a plugin reports: plain data, replaced as a whole at every query. */
export interface PluginContribution {
  /** Entities of the plugin. Its providers serve their resources, by entity id. */
  readonly entities?: Partial<EntityLists>;
  /** Fields added to entities of other sources. Ignored if no other source reports the entity. */
  readonly additions?: Partial<EntityLists>;
}

/** Takes over the scripts of apps and components from the gateway. The entities need not belong to the plugin. */
export interface PluginScripts {
  /** Entities whose scripts it takes over, as ids or globs: `lidar_*`, `components/*`. Default: all. */
  readonly entities?: readonly string[];
  /** Stores and runs their scripts. Native ids have the form `apps/lidar_driver`. */
  readonly provider?: ScriptProvider;
  /** Runs the scripts that the gateway stores. */
  readonly runner?: ScriptRunner;
}

/**
 * A recording given by the path of its folder or file on this machine. The gateway serves its `.mcap` and `.db3` files.
 */
export interface PlacedRecording extends FaultRecording {
  readonly path: string;
}

/**
 * A recording that the plugin opens itself, or one given by its path. Plugins in a separate process can only give a
 * path, because a function cannot be sent between processes.
 */
export type PluginRecording = RecordingSource | PlacedRecording;

/** A `FaultProvider` whose recordings may be given by their path. */
export type PluginFaultProvider = Omit<FaultProvider, 'recordings' | 'recording'> & {
  /** Returns the recordings of faults that any of these sources reported, newest first. */
  recordings(nativeId: string, sources: readonly string[], call: CallContext): Promise<readonly PluginRecording[]>;
  /** Returns a recording by its name, or else the newest recording of the fault with that code. */
  recording(nativeId: string, idOrCode: string, call: CallContext): Promise<PluginRecording | undefined>;
};

export type PluginProviders = Omit<Providers, 'faults'> & { readonly faults?: PluginFaultProvider };

/**
 * Everything that a plugin adds; each part is optional. Every call has a deadline, and its failure affects nothing
 * else. A plugin that keeps failing is switched off, and `/health` reports it.
 */
export interface PluginParts {
  contribution?(): Promise<PluginContribution>;
  /** Providers for the resources of its entities; the native id is the id of the entity. */
  readonly providers?: PluginProviders;
  readonly routes?: readonly PluginRoute[];
  /** Additional collections that clients can subscribe to, by collection name, which begins with `x-`. */
  readonly samplers?: Readonly<Record<string, Sampler>>;
  /** Additional ways to deliver subscription events, by protocol. */
  readonly transports?: Readonly<Record<string, SubscriptionTransport>>;
  /** Additional trigger conditions, by the `condition_type` that clients give, which begins with `x-`. */
  readonly conditions?: Readonly<Record<string, TriggerCondition>>;
  /** Installs software on the robot. Replaces the gateway's update provider. */
  readonly updates?: UpdateProvider;
  readonly scripts?: PluginScripts;
  /** Reads the logs of all entities. Replaces the logs that runtimes store. */
  readonly logs?: LogReader;
  /** Returns warnings and a block of `/health`, `x-medkit-<name>`. */
  health?(): Promise<RuntimeHealth>;
  /** Stops timers and closes everything that the plugin opened. */
  stop?(): Promise<void>;
}
