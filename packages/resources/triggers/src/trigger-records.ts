import type { TriggerEvent, TriggerProgress, TriggerRecord } from './trigger.ts';

/** A stored trigger with its stored events. */
export interface StoredTrigger {
  readonly record: TriggerRecord;
  readonly progress: TriggerProgress;
  /** In the order of their ids. */
  readonly events: readonly TriggerEvent[];
}

/** A change of a trigger to store. */
export interface TriggerNews {
  readonly record: TriggerRecord;
  /** Absent if another change of the batch holds the progress. */
  readonly progress?: TriggerProgress;
  /** Present if the trigger fired. */
  readonly event?: TriggerEvent;
}

/** Persistent storage of triggers. Every call throws `SovdError`: `service-unavailable` if the disk fails. */
export interface TriggerRecords {
  /** Returns the stored triggers and the highest number ever given (0 for none). */
  load(): Promise<{ readonly triggers: readonly StoredTrigger[]; readonly lastNumber: number }>;
  /** Stores a persistent trigger; for any trigger, stores that its number is used. */
  add(record: TriggerRecord): Promise<void>;
  /** Stores a new expiration or entity id of a persistent trigger. */
  update(record: TriggerRecord): Promise<void>;
  /**
   * Stores the progress of persistent triggers, their events, and the events to send to webhooks, in one transaction.
   */
  note(news: readonly TriggerNews[]): Promise<void>;
  remove(numbers: readonly number[]): Promise<void>;
}
