import type { EventSource } from '@medkit/opcua';
import type { AutoAlarms } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';

/** Maximum additional fields of a notifier's events; the server sends each with every event. */
const MAX_FIELDS = 64;

/** Returns the notifiers to subscribe to, without duplicates: otherwise every event would arrive twice. */
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
