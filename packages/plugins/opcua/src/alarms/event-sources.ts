import type { AutoAlarms } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import type { EventSource } from '../session/plc-event.ts';

/** Further fields of one notifier's events: each is asked of the server with every event. */
const MAX_FIELDS = 64;

/** The notifiers that are asked for events, no one twice: it would tell each event twice as well. */
export function eventSources(
  eventAlarms: readonly EventAlarm[],
  autoAlarms: AutoAlarms | undefined,
): readonly EventSource[] {
  const fields = new Map<string, Set<string>>();
  for (const { source, associatedValues } of eventAlarms) {
    const known = fields.get(source) ?? new Set();
    for (const { field } of associatedValues) if (known.size < MAX_FIELDS) known.add(field);
    fields.set(source, known);
  }
  if (autoAlarms !== undefined && !fields.has(autoAlarms.source)) fields.set(autoAlarms.source, new Set());
  return [...fields].map(([notifier, names]) => ({ notifier, associatedValues: [...names] }));
}
