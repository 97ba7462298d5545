import type { ReadCondition } from '@medkit/opcua';
import { DEFAULT_SEVERITY_BANDS } from '../node-map/auto-alarms.ts';
import type { AssociatedValue, EventAlarm, EventMapping } from '../node-map/event-alarm.ts';
import type { MappedFault } from '../node-map/fault-rule.ts';
import { severityOfEvent } from './severity-bands.ts';

/** Maximum characters of a fault's message; longer texts are not readable sentences. */
const MAX_MESSAGE_LENGTH = 1024;

/** Returns the fault of an event: from the first matching mapping, otherwise the fault of the source, if any. */
export function mappedEvent(alarm: EventAlarm, event: ReadCondition): MappedFault | undefined {
  const mapping = alarm.mappings.find((each) => takes(each, event));
  const code = mapping?.code ?? alarm.code;
  if (code === undefined) return undefined;
  const message = mapping?.message ?? alarm.message ?? event.message;
  return {
    code,
    severity: mapping?.severity ?? alarm.severity ?? severityOfEvent(event.severity, DEFAULT_SEVERITY_BANDS),
    message: messageWith(message || event.conditionName || code, alarm.associatedValues, event.associated),
  };
}

/** Appends additional fields of the event to a message: `Overpressure; SD_1=4.2; Setpoint=3`. */
export function messageWith(
  message: string,
  values: readonly AssociatedValue[],
  fieldTexts: ReadonlyMap<string, string>,
): string {
  const texts = values.flatMap(({ field, label }) => {
    const value = fieldTexts.get(field);
    return value === undefined || value === '' ? [] : [`${label}=${value}`];
  });
  return [message, ...texts].join('; ').slice(0, MAX_MESSAGE_LENGTH);
}

function takes({ conditionName, sourceNode, eventType, messagePart }: EventMapping, event: ReadCondition): boolean {
  return (
    (conditionName === undefined || conditionName === event.conditionName) &&
    (sourceNode === undefined || sourceNode === event.sourceNode) &&
    (eventType === undefined || eventType === event.eventType) &&
    (messagePart === undefined || event.message.includes(messagePart))
  );
}
