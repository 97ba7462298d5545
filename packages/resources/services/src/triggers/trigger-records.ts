import type { TriggerEvent, TriggerProgress, TriggerRecord } from './trigger.ts';

/** A trigger that was kept, and its events that are. */
export interface KeptTrigger {
  readonly record: TriggerRecord;
  readonly progress: TriggerProgress;
  /** In the order of their ids. */
  readonly events: readonly TriggerEvent[];
}

/** Something that has become of a trigger. */
export interface TriggerNews {
  readonly record: TriggerRecord;
  /** Absent: how it stands is written with another of its news. */
  readonly progress?: TriggerProgress;
  /** It fired. */
  readonly event?: TriggerEvent;
}

/** Where triggers outlive the process. Every call throws `SovdError`, `service-unavailable` where the disk fails. */
export interface TriggerRecords {
  /** What was kept, and the highest number that was ever given (0 for none). */
  load(): Promise<{ readonly triggers: readonly KeptTrigger[]; readonly lastNumber: number }>;
  /** Keeps a trigger where that is persistent, and in any case that its number is given. */
  add(record: TriggerRecord): Promise<void>;
  /** Gives a persistent trigger another end, or the new id of its entity. */
  update(record: TriggerRecord): Promise<void>;
  /** All of it or nothing: how persistent triggers stand, their events, and what is to be sent of events to webhooks. */
  note(news: readonly TriggerNews[]): Promise<void>;
  remove(numbers: readonly number[]): Promise<void>;
}
