import type { Incident } from '@medkit/contract';
import type { EntityKind, EntityRef, Origin } from '../entity/entity.ts';
import type { FaultEvent } from '../faults/fault-event.ts';
import type { LogEntry } from '../logs/log-entry.ts';
import type { ConfigurationSeen } from '../runtime/configuration-provider.ts';
import type { JsonObject, JsonValue } from '../runtime/data-provider.ts';
import type { OperationChange } from '../runtime/operation-provider.ts';

/** The tree has a new generation. */
export interface EntitiesChanged {
  readonly generation: number;
  readonly added: readonly EntityRef[];
  readonly removed: readonly EntityRef[];
  /** Entities that are there before and after, with other content. */
  readonly changed: readonly EntityRef[];
  /** Entities that have another id than before; they are also in `removed` and `added`. Absent if there are none. */
  readonly renamed?: readonly EntityRenamed[];
}

/** An entity that has another id than before. */
export interface EntityRenamed {
  readonly kind: EntityKind;
  readonly from: string;
  readonly to: string;
}

/** Something that a runtime tells. */
interface RuntimeEvent {
  readonly runtime: string;
  /** The gateway whose runtime it is: this one where absent. */
  readonly origin?: Origin;
}

/** Entities of a runtime may have other data items than before. */
export interface DataChanged extends RuntimeEvent {}

/** A runtime keeps another log entry, whose place in its log is `sequence`. */
export interface LogAdded extends RuntimeEvent {
  readonly entry: LogEntry;
}

/** Something happened to a fault, the place of which in the log of its manager is the `id` of the event. */
export interface FaultChanged extends RuntimeEvent {
  readonly event: FaultEvent;
}

/** A lock came, went, or was given another end. */
export interface LockChanged {
  readonly change: 'acquired' | 'extended' | 'released' | 'broken' | 'expired';
  readonly lockId: string;
  readonly entity: EntityRef;
  /** The collections that it closes; none: all of them. */
  readonly scopes: readonly string[];
  /** Who holds it, or held it. */
  readonly clientId: string;
  /** Wall clock, milliseconds: when it ends by itself. */
  readonly expiresMs: number;
}

/** An execution of an operation of the entity at the address `runtime`, `nativeId` has another status. */
export interface OperationChanged extends OperationChange, RuntimeEvent {}

/**
 * Somebody else than this gateway has changed a configuration of the entity at the address `runtime`, `nativeId`. Heard of only where
 * `audit.observed` says so.
 */
export interface ConfigurationChanged extends ConfigurationSeen, RuntimeEvent {}

/** An update has another status. */
export interface UpdateChanged {
  readonly updateId: string;
  /** As `GET /updates/{id}/status` shows it. */
  readonly status: JsonObject;
  /** Ids of the components and apps that it updates. */
  readonly updatedComponents: readonly string[];
}

/** Something of a vendor's own collection is another one. */
export interface ResourceChanged {
  readonly entity: EntityRef;
  /** Begins with `x-`. */
  readonly collection: string;
  /** Address of the item within the collection, without a slash in front; empty where the collection has no items. */
  readonly path: string;
  readonly value: JsonValue;
}

/** What became of an incident; `worse` where it is graver than anybody was told, or holds the robot now. */
export type IncidentNews =
  | 'opened'
  | 'worse'
  | 'healed'
  | 'reopened'
  | 'closed'
  | 'acknowledged'
  | 'changed'
  | 'merged';

/** An incident is another one than before, on disk. */
export interface IncidentChanged {
  readonly news: IncidentNews;
  /** As it is now. */
  readonly incident: Incident;
  /** Ids of incidents that lead to it from now on, whatever else became of it: it goes on where those were. */
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
  readonly 'update.changed': UpdateChanged;
}
