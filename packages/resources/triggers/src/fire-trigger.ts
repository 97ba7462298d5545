import type { Clock } from '@medkit/edges';
import type { EventJournal } from './event-journal.ts';
import { isActive, type LiveTrigger } from './live-trigger.ts';
import type { Observation } from './observation.ts';
import type { TriggerEvent } from './trigger.ts';
import type { TriggerLog } from './trigger-log.ts';

/** Maximum characters of a payload: no client of an event stream accepts a whole image as JSON. */
const MAX_PAYLOAD_LENGTH = 524_288;

export interface FireOptions {
  readonly clock: Clock;
  readonly journal: Pick<EventJournal, 'fired'>;
  readonly notes: Pick<TriggerLog, 'write'>;
  /** Called when a single-shot trigger has fired. */
  readonly terminated: (trigger: LiveTrigger) => void;
}

/**
 * Fires triggers. Listeners are notified once the event cannot be lost: for a persistent trigger or one with a webhook,
 * when it is on disk. A single-shot trigger ends then, and its stream ends after the event.
 */
export function triggerFiring(options: FireOptions): (trigger: LiveTrigger, observed: Observation) => void {
  const { clock, journal, notes, terminated } = options;
  return (trigger, observed) => {
    const { record, history } = trigger;
    const event = nextEvent(trigger, clock.wallMs(), observed.text());
    if (!record.multishot) {
      trigger.endedMs = event.timeMs;
      terminated(trigger);
    }
    const notify = (): void => {
      if (trigger.gone) return;
      history.add(event);
      if (!isActive(trigger)) history.end();
      notes.write(record, event);
    };
    if (record.persistent || record.webhook) journal.fired(trigger, event, notify);
    else notify();
  };
}

function nextEvent(trigger: LiveTrigger, timeMs: number, payload: string): TriggerEvent {
  trigger.lastEventId += 1;
  const timestamp = new Date(timeMs).toISOString();
  const sent =
    payload.length <= MAX_PAYLOAD_LENGTH
      ? `"payload":${payload}`
      : `"payload":null,"x-medkit":{"payload_omitted":"The payload has ${payload.length} characters, the maximum is ${MAX_PAYLOAD_LENGTH}"}`;
  return { id: trigger.lastEventId, timeMs: Math.floor(timeMs), data: `{"timestamp":"${timestamp}",${sent}}` };
}
