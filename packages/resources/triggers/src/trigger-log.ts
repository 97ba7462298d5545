import { callContext, errorMessage, type Log, oncePerKey } from '@medkit/core';
import { type Clock, Quota } from '@medkit/edges';
import type { LogService } from '@medkit/entities';
import { type TriggerEvent, type TriggerRecord, triggerId } from './trigger.ts';

/** Timeout of writing a log entry. */
const NOTE_TIMEOUT_MS = 5000;
/** Maximum log entries being written; further entries are not written. */
const MAX_UNDER_WAY = 1000;

export interface TriggerLogOptions {
  readonly logs: Pick<LogService, 'add'>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Writes an entry to the log of an entity when its trigger fires. Triggers on logs ignore these entries. */
export class TriggerLog {
  readonly #options: TriggerLogOptions;
  /** Texts of the entries being written; all are distinct. */
  readonly #underWay = new Set<string>();
  readonly #isFirst = oncePerKey();
  /** Quota of the entries being written, by the owners of the triggers. */
  readonly quota = new Quota(MAX_UNDER_WAY);

  constructor(options: TriggerLogOptions) {
    this.#options = options;
  }

  /** Returns whether this class is writing this log entry. */
  isOwn(message: string): boolean {
    return this.#underWay.has(message);
  }

  /** Writes that a trigger fired, if its settings request it. */
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
          log('warn', `${about.trigger_id} fired without a log entry: ${errorMessage(error)}`);
      })
      .finally(() => {
        this.#underWay.delete(message);
        this.quota.release(owner);
      });
  }
}
