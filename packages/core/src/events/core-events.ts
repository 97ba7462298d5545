import type { EntityRef } from '../entity/entity.ts';
import type { FaultEvent } from '../faults/fault-event.ts';
import type { LogEntry } from '../logs/log-entry.ts';

/** The tree has a new generation. */
export interface EntitiesChanged {
  readonly generation: number;
  readonly added: readonly EntityRef[];
  readonly removed: readonly EntityRef[];
  /** Entities that are there before and after, with other content. */
  readonly changed: readonly EntityRef[];
}

/** A runtime keeps another log entry. */
export interface LogAdded {
  readonly runtime: string;
  readonly entry: LogEntry;
}

/** Something happened to a fault. */
export interface FaultChanged {
  readonly runtime: string;
  readonly event: FaultEvent;
}

/** Every event of the bus. */
export interface CoreEvents {
  readonly 'entities.changed': EntitiesChanged;
  readonly 'fault.event': FaultChanged;
  readonly 'log.added': LogAdded;
}
