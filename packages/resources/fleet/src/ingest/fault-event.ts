import type { LogRecord } from './log-lines.ts';

const MAX_TEXT_CHARS = 256;

/** What a fault record changes. */
export interface RecordedFault {
  readonly seq: number;
  /** The gateway behind the robot that has the fault; empty for the robot. */
  readonly origin: string;
  readonly code: string;
  readonly entity: string | undefined;
  readonly severity: 0 | 1 | 2 | 3;
  /** `undefined` if the event does not change whether the fault is active. */
  readonly isActive: boolean | undefined;
  /** The fault as the robot's API has it. */
  readonly fault: object;
  /** Codes of symptoms that were cleared together with it. */
  readonly alsoCleared: readonly string[];
}

/** Reads the body of a fault record; `undefined` if it is another kind or its members are missing. */
export function recordedFault({ kind, seq, body }: LogRecord): RecordedFault | undefined {
  if (kind !== 'fault') return undefined;
  const event = Object(body) as Readonly<Record<string, unknown>>;
  const fault = Object(event['fault']) as Readonly<Record<string, unknown>>;
  const origin = event['x-medkit-origin'] ?? '';
  const { fault_code: code, severity, entity_id: entity } = fault;
  if (!isText(code) || !isText(origin) || !isSeverity(severity)) return undefined;
  const cleared = event['auto_cleared_codes'];
  return {
    seq,
    origin,
    code,
    entity: isText(entity) ? entity : undefined,
    severity,
    isActive: activity(event['event_type'], fault['status']),
    fault,
    alsoCleared: Array.isArray(cleared) ? cleared.filter(isText) : [],
  };
}

/** Returns whether a fault is active after an event. */
function activity(type: unknown, status: unknown): boolean | undefined {
  if (type === 'fault_confirmed') return true;
  if (type === 'fault_healed' || type === 'fault_cleared') return false;
  const isConfirmed = status === 'CONFIRMED' || Object(status).aggregatedStatus === 'active';
  return type === 'fault_updated' && isConfirmed ? true : undefined;
}

/** Returns the last change of each fault, for records that follow the state. */
export function lastChanges(faults: readonly RecordedFault[]): readonly RecordedFault[] {
  const last = new Map<string, RecordedFault>();
  for (const fault of faults) {
    if (fault.isActive === undefined) continue;
    last.set(keyOf(fault.origin, fault.code), fault);
    for (const code of fault.alsoCleared) {
      last.set(keyOf(fault.origin, code), { ...fault, code, isActive: false });
    }
  }
  return [...last.values()];
}

/** Identifies a fault: the length separates the two texts. */
const keyOf = (origin: string, code: string): string => `${origin.length} ${origin}${code}`;

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT_CHARS;
const isSeverity = (value: unknown): value is 0 | 1 | 2 | 3 =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) <= 3;
