import type { EntityRef } from '../entity/entity.ts';
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

/** Every event of the bus. */
export interface CoreEvents {
  readonly 'entities.changed': EntitiesChanged;
  readonly 'log.added': LogAdded;
}
