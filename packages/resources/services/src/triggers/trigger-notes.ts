import { callContext, type Log, notedOnce, reasonOf } from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import type { LogService } from '../logs/log-service.ts';
import { type TriggerEvent, type TriggerRecord, triggerId } from './trigger.ts';

/** How long a log may take to keep an entry. */
const NOTE_TIMEOUT_MS = 5000;
/** Entries that are on their way into a log at a time; of more nothing is written. */
const MAX_UNDER_WAY = 1000;

export interface TriggerNotesOptions {
  readonly logs: Pick<LogService, 'add'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Writes into the log of an entity that its triggers fired. No trigger on logs ever hears of these entries. */
export class TriggerNotes {
  readonly #options: TriggerNotesOptions;
  /** The texts of entries that are on their way; no two are the same. */
  readonly #underWay = new Set<string>();
  readonly #isFirst = notedOnce();
  /** Bounds the entries that are on their way, by the owners of the triggers. */
  readonly quota = new Quota(MAX_UNDER_WAY);

  constructor(options: TriggerNotesOptions) {
    this.#options = options;
  }

  /** Whether an entry that is kept just now was written here. */
  isOwn(message: string): boolean {
    return this.#underWay.has(message);
  }

  /** Writes that a trigger fired, where it asked for that. */
  write(record: TriggerRecord, { id }: TriggerEvent): void {
    const { entity, logSettings, condition, resource, owner } = record;
    if (!logSettings || !this.quota.take(owner)) return;
    const { logs, clock, log } = this.#options;
    const about = { trigger_id: triggerId(record), condition_type: condition.type, resource, event: id };
    const message = `${logSettings.marker} ${JSON.stringify(about)}`;
    this.#underWay.add(message);
    logs
      .add(
        entity.kind,
        entity.id,
        { severity: logSettings.severity, message },
        callContext({ clock, timeoutMs: NOTE_TIMEOUT_MS }),
      )
      .catch((error: unknown) => {
        if (this.#isFirst(about.trigger_id))
          log('warn', `${about.trigger_id} fires without an entry: ${reasonOf(error)}`);
      })
      .finally(() => {
        this.#underWay.delete(message);
        this.quota.release(owner);
      });
  }
}
