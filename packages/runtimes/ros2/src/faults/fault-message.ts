import { FAULT_STATUSES, type Fault, type FaultEvent, type FaultStatus } from '@medkit/core';
import type { RosMessage } from '@medkit/ros2';

/** Type of the event messages of a fault manager. */
export const FAULT_EVENT_TYPE = 'ros2_medkit_msgs/msg/FaultEvent';

const NS_PER_S = 1_000_000_000n;
/** `builtin_interfaces/Time` counts seconds in 32 bits; later times are clamped. */
const MAX_SECONDS = 2n ** 31n - 1n;

/** Returns the `builtin_interfaces/msg/Time` of nanoseconds since the Unix epoch. */
export function timeMessage(ns: bigint): RosMessage {
  const at = ns < 0n ? 0n : ns;
  const seconds = at / NS_PER_S;
  return seconds > MAX_SECONDS
    ? { sec: Number(MAX_SECONDS), nanosec: 999_999_999 }
    : { sec: Number(seconds), nanosec: Number(at % NS_PER_S) };
}

/** Returns the nanoseconds since the Unix epoch of a `builtin_interfaces/msg/Time`. */
export function nanosecondsOf({ sec, nanosec }: RosMessage): bigint {
  return BigInt(Number(sec)) * NS_PER_S + BigInt(Number(nanosec));
}

/** `ros2_medkit_msgs/msg/Fault`. */
export function faultMessage(fault: Fault): RosMessage {
  return {
    fault_code: fault.code,
    severity: fault.severity,
    description: fault.description,
    first_occurred: timeMessage(fault.firstOccurredNs),
    last_occurred: timeMessage(fault.lastOccurredNs),
    last_passed: timeMessage(fault.lastPassedNs),
    occurrence_count: fault.occurrenceCount,
    status: fault.status,
    reporting_sources: fault.sources,
  };
}

const KNOWN_STATUSES: ReadonlySet<string> = new Set(FAULT_STATUSES);

/**
 * Parses a `ros2_medkit_msgs/msg/Fault`; `undefined` if its status or severity is unknown. The counter and the times of
 * confirmation, healing and clearing are not in the message: they are 0.
 */
export function faultOf(message: RosMessage): Fault | undefined {
  const status = String(message.status);
  const severity = Number(message.severity);
  if (!KNOWN_STATUSES.has(status) || severity > 3) return undefined;
  return {
    code: String(message.fault_code),
    severity: severity as Fault['severity'],
    description: String(message.description),
    status: status as FaultStatus,
    counter: 0,
    occurrenceCount: Number(message.occurrence_count),
    sources: (message.reporting_sources as readonly string[]).map(String),
    firstOccurredNs: nanosecondsOf(message.first_occurred as RosMessage),
    lastOccurredNs: nanosecondsOf(message.last_occurred as RosMessage),
    lastPassedNs: nanosecondsOf(message.last_passed as RosMessage),
    confirmedAtNs: 0n,
    healedAtNs: 0n,
    clearedAtNs: 0n,
    clearedBy: '',
  };
}

/** `ros2_medkit_msgs/msg/FaultEvent`. */
export function faultEventMessage({ type, fault, timeNs, autoClearedCodes }: Omit<FaultEvent, 'id'>): RosMessage {
  return {
    event_type: type,
    fault: faultMessage(fault),
    timestamp: timeMessage(timeNs),
    auto_cleared_codes: autoClearedCodes,
  };
}

const EVENT_TYPES: ReadonlySet<string> = new Set<FaultEvent['type']>([
  'fault_confirmed',
  'fault_updated',
  'fault_cleared',
]);

/** Parses a `ros2_medkit_msgs/msg/FaultEvent`; `undefined` if its type is unknown. */
export function faultEventOf(message: RosMessage): Omit<FaultEvent, 'id'> | undefined {
  const fault = faultOf(message.fault as RosMessage);
  const type = String(message.event_type);
  if (fault === undefined || !EVENT_TYPES.has(type)) return undefined;
  return {
    type: type as FaultEvent['type'],
    fault,
    timeNs: nanosecondsOf(message.timestamp as RosMessage),
    autoClearedCodes: (message.auto_cleared_codes as readonly string[]).map(String),
  };
}
