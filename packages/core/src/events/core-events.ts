import type { Incident } from '@medkit/contract';
import type { EntityKind, EntityRef, Origin } from '../entity/entity.ts';
import type { FaultEvent } from '../faults/fault-event.ts';
import type { JsonObject, JsonValue } from '../json/json-object.ts';
import type { LogEntry } from '../logs/log-entry.ts';
import type { ExternalConfigurationChange } from '../providers/configuration-provider.ts';
import type { OperationChange, ServiceCallEnd } from '../providers/operation-provider.ts';

/** The tree has a new generation. */
export interface EntitiesChanged {
  readonly generation: number;
  readonly added: readonly EntityRef[];
  readonly removed: readonly EntityRef[];
  /** Entities that exist before and after, with different content. */
  readonly changed: readonly EntityRef[];
  /** Entities whose id changed; they are also in `removed` and `added`. Absent if there are none. */
  readonly renamed?: readonly EntityRenamed[];
}

/** An entity whose id changed. */
export interface EntityRenamed {
  readonly kind: EntityKind;
  readonly from: string;
  readonly to: string;
}

/** An event that comes from a runtime. */
interface RuntimeEvent {
  readonly runtime: string;
  /** The gateway that owns the runtime; this gateway if absent. */
  readonly origin?: Origin;
}

/** Entities of a runtime may have other data items than before. */
export interface DataChanged extends RuntimeEvent {}

/** A log entry of a runtime was stored; `sequence` is its position in the log. */
export interface LogAdded extends RuntimeEvent {
  readonly entry: LogEntry;
}

/** A fault changed; the `id` of the event is its position in the log of the fault manager. */
export interface FaultChanged extends RuntimeEvent {
  readonly event: FaultEvent;
}

/** A lock was acquired, extended, released, broken, or expired. */
export interface LockChanged {
  readonly change: 'acquired' | 'extended' | 'released' | 'broken' | 'expired';
  readonly lockId: string;
  readonly entity: EntityRef;
  /** The collections that the lock protects; empty means all of them. */
  readonly scopes: readonly string[];
  /** The client that holds or held the lock. */
  readonly clientId: string;
  /** Wall-clock time in milliseconds at which the lock expires. */
  readonly expiresMs: number;
}

/** The status of an execution changed; the operation belongs to the entity at the address `runtime`, `nativeId`. */
export interface OperationChanged extends OperationChange, RuntimeEvent {}

/**
 * A configuration of the entity at the address `runtime`, `nativeId` was changed, but not by this gateway. Emitted only
 * if `audit.observed` enables it.
 */
export interface ConfigurationChanged extends ExternalConfigurationChange, RuntimeEvent {}

/** A call of a service of a runtime ended. Received only by metrics. */
export interface ServiceCalled extends ServiceCallEnd, RuntimeEvent {}

/** The status of an update changed. */
export interface UpdateChanged {
  readonly updateId: string;
  /** As `GET /updates/{id}/status` shows it. */
  readonly status: JsonObject;
  /** Ids of the components and apps that it updates. */
  readonly updatedComponents: readonly string[];
}

/** An item of a vendor collection changed. */
export interface ResourceChanged {
  readonly entity: EntityRef;
  /** Begins with `x-`. */
  readonly collection: string;
  /** Path of the item within the collection, without a leading slash; empty if the collection has no items. */
  readonly path: string;
  readonly value: JsonValue;
}

/**
 * What happened to an incident. `worse` means that its severity exceeds everything reported so far, or that it now
 * blocks the robot.
 */
export type IncidentEventType =
  | 'opened'
  | 'worse'
  | 'healed'
  | 'reopened'
  | 'closed'
  | 'acknowledged'
  | 'changed'
  | 'merged';

/** An incident changed; the new state is already on disk. */
export interface IncidentChanged {
  readonly news: IncidentEventType;
  /** The state after the change. */
  readonly incident: Incident;
  /** Ids of incidents that were merged into this one. Requests for those ids now lead to this incident. */
  readonly mergedIds?: readonly string[];
}

/** Every event of the bus. */
export interface CoreEvents {
  readonly 'configuration.changed': ConfigurationChanged;
  readonly 'data.changed': DataChanged;
  readonly 'entities.changed': EntitiesChanged;
  readonly 'fault.event': FaultChanged;
  readonly 'incident.changed': IncidentChanged;
  readonly 'lock.changed': LockChanged;
  readonly 'log.added': LogAdded;
  readonly 'operation.changed': OperationChanged;
  readonly 'resource.changed': ResourceChanged;
  readonly 'service.called': ServiceCalled;
  readonly 'update.changed': UpdateChanged;
}
