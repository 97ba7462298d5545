import { errorMessage, type Log } from '@medkit/core';
import { type Clock, Quota, type QuotaFigures, type Timer } from '@medkit/edges';
import { type LiveTrigger, progressOf } from './live-trigger.ts';
import type { TriggerEvent } from './trigger.ts';
import type { TriggerNews, TriggerRecords } from './trigger-records.ts';

/** Maximum delay of writing progress that changes with every value. */
const RESTLESS_MS = 1000;
/** Retry interval after the disk failed. */
const RETRY_MS = 1000;
/**
 * Maximum events waiting for a failed disk, and their total characters. Beyond it, the oldest events of the owner with
 * the most are given up.
 */
const MAX_UNWRITTEN = 1000;
const MAX_UNWRITTEN_CHARACTERS = 33_554_432;

export interface EventJournalOptions {
  readonly records: Pick<TriggerRecords, 'note'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Fired {
  readonly trigger: LiveTrigger;
  readonly event: TriggerEvent;
  readonly notify: () => void;
  notified: boolean;
}

/**
 * Writes the progress and events of triggers to disk. Changes that arrive during a write go into the next one, so that
 * a slow disk gets larger writes and not more of them. If the disk fails, events are still sent, and are written when
 * it works again.
 */
export class EventJournal {
  readonly #options: EventJournalOptions;
  /** Persistent triggers whose progress is not on disk yet. */
  readonly #changed = new Set<LiveTrigger>();
  readonly #restless = new Set<LiveTrigger>();
  #fired: Fired[] = [];
  #owedCharacters = 0;
  /** Quota of waiting events, by the owners of their triggers. */
  readonly #owed = new Quota(MAX_UNWRITTEN);
  #restlessTimer: Timer | undefined;
  #retry: Timer | undefined;
  #writing: Promise<void> | undefined;
  #failure: string | undefined;
  #closed = false;
  #abandoned = 0;

  constructor(options: EventJournalOptions) {
    this.#options = options;
  }

  /** Why the disk does not accept writes; `undefined` while it does. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Number of events that were never written. */
  get abandoned(): number {
    return this.#abandoned;
  }

  figures(): QuotaFigures {
    return { ...this.#owed.figures(), evicts: true };
  }

  /**
   * Records that a trigger fired. Calls `notify` when the event is on disk, or if it cannot be written now; in the order
   * of the events.
   */
  fired(trigger: LiveTrigger, event: TriggerEvent, notify: () => void): void {
    this.#fired.push({ trigger, event, notify, notified: false });
    this.#owedCharacters += event.data.length;
    this.#owed.add(trigger.record.owner);
    this.#giveUpSurplus();
    if (this.#failure !== undefined) this.#notifyAll();
    this.#changed.add(trigger);
    this.#begin();
  }

  /** Records that the progress of a persistent trigger changed. */
  changed(trigger: LiveTrigger): void {
    if (!trigger.condition.restless) {
      this.#changed.add(trigger);
      this.#begin();
      return;
    }
    this.#restless.add(trigger);
    this.#restlessTimer ??= this.#options.clock.after(RESTLESS_MS, () => {
      this.#restlessTimer = undefined;
      this.#begin();
    });
  }

  /** Drops the pending progress of a removed trigger. Its events for webhooks are still written. */
  forget(trigger: LiveTrigger): void {
    this.#changed.delete(trigger);
    this.#restless.delete(trigger);
  }

  /** Writes everything pending, without retries. */
  async close(): Promise<void> {
    this.#closed = true;
    this.#restlessTimer?.cancel();
    this.#retry?.cancel();
    await this.#writing;
    await this.#write();
  }

  #begin(): void {
    if (this.#writing || this.#retry || this.#closed) return;
    this.#writing = this.#write().finally(() => {
      this.#writing = undefined;
      if (this.#fired.length + this.#changed.size > 0) this.#begin();
    });
  }

  /** Writes all pending changes. Never rejects. */
  async #write(): Promise<void> {
    // Includes all changes of the same tick.
    await Promise.resolve();
    const { records, log } = this.#options;
    const fired = this.#fired;
    const changed = [...new Set([...this.#changed, ...this.#restless])];
    if (fired.length + changed.length === 0) return;
    this.#fired = [];
    this.#owedCharacters = 0;
    this.#owed.clear();
    this.#changed.clear();
    this.#restless.clear();
    try {
      await records.note(streamEventTypes(fired, changed));
      if (this.#failure !== undefined) log('info', 'The state of triggers is stored again');
      this.#failure = undefined;
    } catch (error) {
      if (this.#failure === undefined) log('error', `The state of triggers cannot be stored: ${errorMessage(error)}`);
      this.#failure = errorMessage(error);
      this.#fired = [...fired, ...this.#fired];
      for (const { event, trigger } of fired) {
        this.#owedCharacters += event.data.length;
        this.#owed.add(trigger.record.owner);
      }
      for (const trigger of changed) if (!trigger.gone) this.#changed.add(trigger);
      this.#giveUpSurplus();
      this.#notifyAll();
      if (!this.#closed) this.#retryLater();
    }
    for (const each of fired) notifyOnce(each);
  }

  #retryLater(): void {
    this.#retry = this.#options.clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      this.#begin();
    });
  }

  #notifyAll(): void {
    for (const each of this.#fired) notifyOnce(each);
  }

  #giveUpSurplus(): void {
    while (this.#fired.length > MAX_UNWRITTEN || this.#owedCharacters > MAX_UNWRITTEN_CHARACTERS) {
      const largest = this.#owed.largestOwner();
      const at = this.#fired.findIndex(({ trigger }) => trigger.record.owner === largest);
      const [oldest] = this.#fired.splice(Math.max(0, at), 1);
      if (!oldest) return;
      this.#owed.release(oldest.trigger.record.owner);
      this.#owed.refuse();
      this.#owedCharacters -= oldest.event.data.length;
      this.#abandoned++;
      notifyOnce(oldest);
    }
  }
}

function notifyOnce(fired: Fired): void {
  if (fired.notified) return;
  fired.notified = true;
  fired.notify();
}

/** Reads the progress of the triggers now, after all of their events. */
function streamEventTypes(fired: readonly Fired[], changed: readonly LiveTrigger[]): readonly TriggerNews[] {
  return [
    ...fired.map(({ trigger: { record }, event }): TriggerNews => ({ record, event })),
    ...changed
      .filter(({ record, gone }) => record.persistent && !gone)
      .map((trigger): TriggerNews => ({ record: trigger.record, progress: progressOf(trigger) })),
  ];
}
