import type { EntityLists, FaultReport, JsonValue, Log, LogRecord, ResourceChanged } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { RosAdapter } from '@medkit/ros2';
import type { EventHooks } from './event-hooks.ts';

/** A request to the gateway's own API, as a client would send it. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Below `/api/v1`: `/apps/lidar_driver/data/scan?…`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
}

export interface ApiReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` where the reply has none, or none that is JSON. */
  readonly body: JsonValue | undefined;
}

/** A line for the log of an entity; of now, unless it says when. */
export type EntityLine = Omit<LogRecord, 'logger' | 'receivedNs' | 'timestampNs'> &
  Partial<Pick<LogRecord, 'timestampNs'>>;

/** The ROS 2 graph, where the gateway is part of one. Nodes that a plugin opens are closed when it is stopped. */
export type RosAccess = Pick<
  RosAdapter,
  'graph' | 'onGraphChange' | 'node' | 'describeType' | 'decode' | 'encode' | 'toJson'
>;

/** What a plugin is given. Listeners and nodes that it does not close itself are closed when it is stopped. */
export interface PluginContext<Options = unknown> extends EventHooks {
  /** As the configuration names it. */
  readonly name: string;
  readonly options: Options;
  readonly clock: Clock;
  readonly log: Log;
  /** A folder of its own for what is to outlast it, made by the plugin when it has something to keep. Absent where nothing is kept. */
  readonly folder?: string;
  /** To be called whenever `contribution()` of its parts would answer something else. Calls of one moment are taken as one. */
  changed(): void;
  /** The tree as it is, entities of all plugins included. */
  entities(): Promise<EntityLists>;
  /**
   * Reports a fault as a node would; true once it is stored. Bounded in time; false where nobody keeps faults. Its source is the id
   * of an entity of the plugin's own, or the full name of a node, whoever shows that.
   */
  reportFault(report: Omit<FaultReport, 'runtime'>): Promise<boolean>;
  /**
   * Adds a line to the log of an app or component, by its id. The gateway keeps the last lines of each, in memory, and long
   * texts shortened. Rejects, and says why, where the plugin does not tell of that entity, or serves logs itself.
   */
  record(entityId: string, line: EntityLine): Promise<void>;
  /**
   * Tells triggers that something of a collection `x-…` of an entity is another one, as its routes would show it now. Nobody
   * hears of a collection of another name, nor before the gateway is open.
   */
  resourceChanged(change: ResourceChanged): void;
  /** Asks the gateway's own API: whatever a client may do, under the same rules. Never rejects for a reply that is an error. */
  request(request: ApiRequest): Promise<ApiReply>;
  /** Absent where the gateway is not part of a ROS 2 graph. */
  readonly ros?: RosAccess;
}
