import { type Log, reasonOf } from '@medkit/core';
import { type Clock, Quota, type QuotaFigures, type Timer } from '@medkit/edges';
import { type LiveTrigger, progressOf } from './live-trigger.ts';
import type { TriggerEvent } from './trigger.ts';
import type { TriggerNews, TriggerRecords } from './trigger-records.ts';

/** How long what changes with every value may wait for the disk. */
const RESTLESS_MS = 1000;
/** When it is tried anew after the disk failed. */
const RETRY_MS = 1000;
/** Events that wait for a disk that fails, and their characters together; of more the oldest of the owner that has the most are given up. */
const MAX_OWED = 1000;
const MAX_OWED_CHARACTERS = 33_554_432;

export interface NewsJournalOptions {
  readonly records: Pick<TriggerRecords, 'note'>;
  readonly clock: Clock;
  readonly log: Log;
}

interface Fired {
  readonly trigger: LiveTrigger;
  readonly event: TriggerEvent;
  readonly tell: () => void;
  told: boolean;
}

/**
 * Writes what becomes of triggers. What comes while the disk works goes to it as one with the next write, so that a slow disk
 * gathers events and not writes. Where the disk fails events are told all the same, and written when it works again.
 */
export class NewsJournal {
  readonly #options: NewsJournalOptions;
  /** Persistent triggers that stand in another way than the disk knows. */
  readonly #changed = new Set<LiveTrigger>();
  readonly #restless = new Set<LiveTrigger>();
  #fired: Fired[] = [];
  #owedCharacters = 0;
  /** Events that wait, by the owners of their triggers. */
  readonly #owed = new Quota(MAX_OWED);
  #restlessTimer: Timer | undefined;
  #retry: Timer | undefined;
  #writing: Promise<void> | undefined;
  #failure: string | undefined;
  #closed = false;
  #givenUp = 0;

  constructor(options: NewsJournalOptions) {
    this.#options = options;
  }

  /** Why the disk does not take what happens; `undefined` while it does. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Events that nobody will find on disk. */
  get givenUp(): number {
    return this.#givenUp;
  }

  figures(): QuotaFigures {
    return { ...this.#owed.figures(), evicts: true };
  }

  /** A trigger fired. `tell` is called when that is on disk, or cannot be for now; in the order of the events. */
  fired(trigger: LiveTrigger, event: TriggerEvent, tell: () => void): void {
    this.#fired.push({ trigger, event, tell, told: false });
    this.#owedCharacters += event.data.length;
    this.#owed.add(trigger.record.owner);
    this.#giveUpSurplus();
    if (this.#failure !== undefined) this.#tellAll();
    this.#changed.add(trigger);
    this.#begin();
  }

  /** A persistent trigger stands in another way. */
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

  /** Nothing of a trigger that is gone needs to be written, but what it owes to webhooks. */
  forget(trigger: LiveTrigger): void {
    this.#changed.delete(trigger);
    this.#restless.delete(trigger);
  }

  /** Writes what is not written yet, and does not try again. */
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

  /** Never rejects. */
  async #write(): Promise<void> {
    // What comes in the same turn is written with it.
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
      await records.note(newsOf(fired, changed));
      if (this.#failure !== undefined) log('info', 'What becomes of triggers is written again');
      this.#failure = undefined;
    } catch (error) {
      if (this.#failure === undefined) log('error', `What becomes of triggers is not on disk: ${reasonOf(error)}`);
      this.#failure = reasonOf(error);
      this.#fired = [...fired, ...this.#fired];
      for (const { event, trigger } of fired) {
        this.#owedCharacters += event.data.length;
        this.#owed.add(trigger.record.owner);
      }
      for (const trigger of changed) if (!trigger.gone) this.#changed.add(trigger);
      this.#giveUpSurplus();
      this.#tellAll();
      if (!this.#closed) this.#retryLater();
    }
    for (const each of fired) tellOnce(each);
  }

  #retryLater(): void {
    this.#retry = this.#options.clock.after(RETRY_MS, () => {
      this.#retry = undefined;
      this.#begin();
    });
  }

  #tellAll(): void {
    for (const each of this.#fired) tellOnce(each);
  }

  #giveUpSurplus(): void {
    while (this.#fired.length > MAX_OWED || this.#owedCharacters > MAX_OWED_CHARACTERS) {
      const largest = this.#owed.largestOwner();
      const at = this.#fired.findIndex(({ trigger }) => trigger.record.owner === largest);
      const [oldest] = this.#fired.splice(Math.max(0, at), 1);
      if (!oldest) return;
      this.#owed.release(oldest.trigger.record.owner);
      this.#owed.refuse();
      this.#owedCharacters -= oldest.event.data.length;
      this.#givenUp++;
      tellOnce(oldest);
    }
  }
}

function tellOnce(fired: Fired): void {
  if (fired.told) return;
  fired.told = true;
  fired.tell();
}

/** How each stands is read at this moment, when all of its events are among them. */
function newsOf(fired: readonly Fired[], changed: readonly LiveTrigger[]): readonly TriggerNews[] {
  return [
    ...fired.map(({ trigger: { record }, event }): TriggerNews => ({ record, event })),
    ...changed
      .filter(({ record, gone }) => record.persistent && !gone)
      .map((trigger): TriggerNews => ({ record: trigger.record, progress: progressOf(trigger) })),
  ];
}
