import type { AlarmSeverity } from './fault-rule.ts';

/** A source of alarms of the PLC itself (OPC 10000-9), and which faults they are. */
export interface EventAlarm {
  /** The notifier that its events are asked of, in the canonical form of a node id. */
  readonly source: string;
  readonly entityId: string;
  /** The fault of alarms that no mapping takes; without it those are none. */
  readonly code?: string;
  /** Absent where the alarm itself says how severe it is. */
  readonly severity?: AlarmSeverity;
  /** Absent where the alarm's own message is shown. */
  readonly message?: string;
  /** The first one that takes an alarm counts. */
  readonly mappings: readonly EventMapping[];
  readonly associatedValues: readonly AssociatedValue[];
}

/** Which alarms of a source are one certain fault: all that is given has to fit. */
export interface EventMapping {
  readonly conditionName?: string;
  readonly sourceNode?: string;
  readonly eventType?: string;
  /** A part of the message, in upper and lower case as it is. */
  readonly messagePart?: string;
  readonly code: string;
  /** Absent where that of the source counts. */
  readonly severity?: AlarmSeverity;
  readonly message?: string;
}

/** A further field of an event that is appended to the message of its fault. */
export interface AssociatedValue {
  /** Browse name of the field, `2:SD_1` where its namespace is not 0. */
  readonly field: string;
  /** What stands before its value. */
  readonly label: string;
}
