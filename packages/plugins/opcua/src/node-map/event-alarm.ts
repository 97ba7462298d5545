import type { AlarmSeverity } from './fault-rule.ts';

/** A source of native alarms of the PLC (OPC 10000-9), with their mapping to faults. */
export interface EventAlarm {
  /** The notifier to subscribe to, as a canonical node id. */
  readonly source: string;
  readonly entityId: string;
  /** The fault of alarms without a matching mapping; if absent, those are ignored. */
  readonly code?: string;
  /** If absent, the severity of the alarm is used. */
  readonly severity?: AlarmSeverity;
  /** If absent, the message of the alarm is used. */
  readonly message?: string;
  /** The first matching mapping is used. */
  readonly mappings: readonly EventMapping[];
  readonly associatedValues: readonly AssociatedValue[];
}

/** Maps alarms of a source to a fault: all given fields must match. */
export interface EventMapping {
  readonly conditionName?: string;
  readonly sourceNode?: string;
  readonly eventType?: string;
  /** A part of the message, case-sensitive. */
  readonly messagePart?: string;
  readonly code: string;
  /** If absent, the severity of the source's entry is used. */
  readonly severity?: AlarmSeverity;
  readonly message?: string;
}

/** An additional event field that is appended to the message of its fault. */
export interface AssociatedValue {
  /** Browse name of the field, such as `2:SD_1` if its namespace is not 0. */
  readonly field: string;
  /** Label before the value. */
  readonly label: string;
}
