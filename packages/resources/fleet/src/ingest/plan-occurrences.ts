import type { Fingerprint, IssueFacts } from '../issues/fingerprint.ts';
import type { RecordedFault } from './fault-event.ts';
import type { LogRecord } from './log-lines.ts';
import type { Software } from './robot-runs.ts';

/** A fault event with what was true at its time. */
export interface FaultAtTime {
  readonly record: LogRecord;
  readonly fault: RecordedFault;
  /** Corrected time, milliseconds since 1970. */
  readonly atMs: number;
  readonly uncertainMs: number | undefined;
  readonly software: Software;
}

type EndedAs = 'healed' | 'cleared' | 'unknown';

/** One occurrence as a batch of records has it. */
export interface PlannedOccurrence extends IssueFacts {
  readonly origin: string;
  /** 0 if not reported. */
  readonly number: number;
  /** When it began by the clock of its gateway: part of its identity. */
  readonly startedMs: number;
  readonly beganMs: number;
  readonly uncertainMs: number | undefined;
  readonly endedMs: number | undefined;
  readonly endedAs: EndedAs | undefined;
  readonly severity: number;
  readonly entityType: string | undefined;
  readonly software: Software;
  readonly fingerprint: Fingerprint;
}

/** The end of occurrences of a fault that began before `beforeMs`. */
export interface PlannedEnd {
  readonly origin: string;
  readonly code: string;
  readonly beforeMs: number;
  readonly endedMs: number;
  readonly endedAs: EndedAs;
}

export interface PlannedOccurrences {
  readonly occurrences: readonly PlannedOccurrence[];
  /** Follow the occurrences, in this order. */
  readonly ends: readonly PlannedEnd[];
}

/** Times of JavaScript, so that a stored time can always be printed. */
const MAX_TIME_MS = 8.64e15;

/**
 * Returns the occurrences that fault events of one robot begin, change and end. Events of faults that were never confirmed
 * are no occurrences. If the next occurrence of a fault begins, an earlier one whose end was not reported has ended.
 */
export function planOccurrences(
  events: readonly FaultAtTime[],
  fingerprintOf: (facts: IssueFacts) => Fingerprint,
): PlannedOccurrences {
  const planned = new Map<string, PlannedOccurrence>();
  const ends: PlannedEnd[] = [];
  const end = (origin: string, code: string, endedMs: number, endedAs: EndedAs): void => {
    for (const [key, open] of planned) {
      if (open.origin !== origin || open.code !== code || open.endedMs !== undefined) continue;
      planned.set(key, { ...open, endedMs: Math.max(open.beganMs, endedMs), endedAs });
    }
    ends.push({ origin, code, beforeMs: endedMs + 1, endedMs, endedAs });
  };
  for (const event of events) {
    const { fault, atMs } = event;
    const { origin, code } = fault;
    const occurrence = occurrenceIn(event, fingerprintOf);
    const key = occurrence && `${occurrence.number} ${occurrence.startedMs} ${origin.length} ${origin}${code}`;
    if (occurrence && key !== undefined) {
      const known = planned.get(key);
      if (!known && occurrence.endedMs === undefined) {
        for (const [other, open] of planned) {
          if (open.origin !== origin || open.code !== code || open.endedMs !== undefined) continue;
          planned.set(other, { ...open, endedMs: Math.max(open.beganMs, occurrence.beganMs), endedAs: 'unknown' });
        }
        ends.push({
          ...{ origin, code, beforeMs: occurrence.beganMs },
          ...{ endedMs: occurrence.beganMs, endedAs: 'unknown' as const },
        });
      }
      planned.set(key, known ? merged(known, occurrence) : occurrence);
    } else if (fault.isActive === false) end(origin, code, atMs, endOf(event));
    for (const cleared of fault.alsoCleared) end(origin, cleared, atMs, 'cleared');
  }
  return { occurrences: [...planned.values()], ends };
}

const merged = (known: PlannedOccurrence, next: PlannedOccurrence): PlannedOccurrence => ({
  ...known,
  severity: Math.max(known.severity, next.severity),
  endedMs: known.endedMs ?? next.endedMs,
  endedAs: known.endedAs ?? next.endedAs,
});

const endOf = ({ record }: FaultAtTime): EndedAs =>
  Object(record.body).event_type === 'fault_cleared' ? 'cleared' : 'healed';

/** Returns the occurrence of an event; `undefined` if it was not confirmed, or if the event does not identify it. */
function occurrenceIn(
  event: FaultAtTime,
  fingerprintOf: (facts: IssueFacts) => Fingerprint,
): PlannedOccurrence | undefined {
  const { record, fault, atMs, uncertainMs, software } = event;
  const body = Object(record.body) as Readonly<Record<string, unknown>>;
  const item = fault.fault as Readonly<Record<string, unknown>>;
  const confirmedMs = milliseconds(item['confirmed_at']);
  const isConfirmed = body['event_type'] === 'fault_confirmed';
  if (fault.isActive === undefined || (!isConfirmed && !fault.isActive && confirmedMs === undefined)) return undefined;
  const startedMs = milliseconds(item['first_occurred']) ?? (isConfirmed ? record.atMs : undefined);
  if (startedMs === undefined) return undefined;
  // The clock of the robot is behind or ahead by the same time at both.
  const sinceMs = isConfirmed ? 0 : Math.max(0, record.atMs - (confirmedMs ?? startedMs));
  const healedMs = milliseconds(item['healed_at']);
  const endedMs = healedMs === undefined ? atMs : atMs - Math.max(0, record.atMs - healedMs);
  const beganMs = Math.max(0, atMs - sinceMs);
  const facts = { code: fault.code, entity: fault.entity, cause: shortText(body['cause']) };
  return {
    ...facts,
    origin: fault.origin,
    number: count(body['occurrence']) ?? count(item['occurrence_count']) ?? 0,
    startedMs,
    beganMs,
    uncertainMs,
    ...(fault.isActive
      ? { endedMs: undefined, endedAs: undefined }
      : { endedMs: Math.max(beganMs, endedMs), endedAs: healedMs === undefined ? endOf(event) : 'healed' }),
    severity: fault.severity,
    entityType: shortText(item['entity_type']),
    software,
    fingerprint: fingerprintOf(facts),
  };
}

/** Returns seconds since 1970 in milliseconds; `undefined` if they are no time. */
function milliseconds(seconds: unknown): number | undefined {
  if (typeof seconds !== 'number' || !(seconds >= 0) || seconds * 1000 > MAX_TIME_MS) return undefined;
  return Math.round(seconds * 1000);
}

const count = (value: unknown): number | undefined =>
  Number.isSafeInteger(value) && (value as number) > 0 ? (value as number) : undefined;
const shortText = (value: unknown): string | undefined =>
  typeof value === 'string' && value !== '' && value.length <= 256 ? value.toWellFormed() : undefined;
