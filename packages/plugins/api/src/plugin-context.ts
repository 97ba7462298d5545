import type { EntityLists, FaultReport, JsonValue, Log, LogRecord, ResourceChanged } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { RosAdapter } from '@medkit/ros2';
import type { EventHooks } from './event-hooks.ts';

/** A request to the gateway's API, as a client would send it. */
export interface ApiRequest {
  readonly method: 'GET' | 'PUT' | 'POST' | 'DELETE';
  /** Path below `/api/v1`: `/apps/lidar_driver/data/scan?…`. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: JsonValue;
}

export interface ApiReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** `undefined` if the reply has no body or the body is not JSON. */
  readonly body: JsonValue | undefined;
}

/** A line for the log of an entity. Its time defaults to the current time. */
export type EntityLine = Omit<LogRecord, 'logger' | 'receivedNs' | 'timestampNs'> &
  Partial<Pick<LogRecord, 'timestampNs'>>;

/** The ROS 2 graph that the gateway is part of. Nodes that a plugin opens are closed when it is stopped. */
export type RosAccess = Pick<
  RosAdapter,
  'graph' | 'onGraphChange' | 'node' | 'describeType' | 'decode' | 'encode' | 'toJson'
>;

/** A fault that is over, with the id of the entity that reported it. */
export type FaultEnd = Pick<FaultReport, 'code' | 'source'>;

/**
 * Everything that the gateway offers to a plugin. Listeners and nodes that the plugin does not close itself are closed
 * when it is stopped.
 */
export interface PluginContext<Options = unknown> extends EventHooks {
  /** Name from the configuration. */
  readonly name: string;
  readonly options: Options;
  readonly clock: Clock;
  readonly log: Log;
  /**
   * Folder for the plugin's persistent data. The plugin creates it when needed. Absent if the gateway stores no data.
   */
  readonly folder?: string;
  /** Signals that `contribution()` would return something else. Calls in quick succession count as one. */
  changed(): void;
  /** Returns the current tree, including the entities of all plugins. */
  entities(): Promise<EntityLists>;
  /**
   * Reports a fault like a node would. Resolves with true once it is stored, and with false if no fault manager stores
   * it. The time is limited. The source is the id of an entity of the plugin, or the full name of any node.
   */
  reportFault(report: Omit<FaultReport, 'runtime'>): Promise<boolean>;
  /**
   * Reports that a fault of an entity of the plugin is over, and clears it whatever the healing settings are. It stays
   * if another source still reports it as failed. Resolves with false if it cannot be cleared now, for example because
   * a client has locked it: try again later. The time is limited.
   */
  clearFault(fault: FaultEnd): Promise<boolean>;
  /**
   * Adds a line to the log of an app or component of the plugin, by its id. The gateway stores the last lines of each
   * entity in memory and truncates long texts. Rejects with a reason if the plugin does not contribute that entity, or
   * has its own log provider.
   */
  record(entityId: string, line: EntityLine): Promise<void>;
  /**
   * Notifies triggers that an item of a collection `x-…` of an entity has changed; the value is what the plugin's route
   * would now return. Ignored for other collections, and before the gateway is open.
   */
  resourceChanged(change: ResourceChanged): void;
  /** Sends a request to the gateway's API, under the same rules as for any client. Error replies do not reject. */
  request(request: ApiRequest): Promise<ApiReply>;
  /** Absent if the gateway is not part of a ROS 2 graph. */
  readonly ros?: RosAccess;
}
