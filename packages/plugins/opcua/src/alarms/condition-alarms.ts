import type { EventSource, PlcEvent, ReadCondition } from '@medkit/opcua';
import type { AutoAlarms } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import type { AlarmSeverity } from '../node-map/fault-rule.ts';
import type { AlarmSignal } from './alarm-signal.ts';

/** A condition that is active or not yet acknowledged. */
export interface ActiveAlarm {
  readonly code: string;
  readonly entityId: string;
  readonly conditionId: string;
  readonly isActive: boolean;
  readonly isAcknowledged: boolean;
  readonly isConfirmed: boolean;
  readonly severity: AlarmSeverity;
  readonly message: string;
}

/** What acknowledging a condition requires: its id and the id of the event (OPC 10000-9, 5.7.3). */
export interface AnsweredCondition {
  readonly conditionId: string;
  readonly eventId: Uint8Array;
}

export interface ConditionAlarmsOptions {
  readonly eventAlarms: readonly EventAlarm[];
  readonly autoAlarms: AutoAlarms | undefined;
  /** Whether an alarm ends only after it was acknowledged and confirmed; otherwise after it was acknowledged. */
  readonly requireConfirm: boolean;
  readonly componentId: string;
  /** Returns the app of a node of the PLC. */
  readonly entityOfNode: (nodeId: string) => string | undefined;
  readonly log: (level: 'info' | 'warn', text: string) => void;
  /** Returns whether another source raises this code: a value, or another PLC. */
  readonly isTaken?: (code: string) => boolean;
  /** Hashed into automatic codes, so that identical PLCs have different codes; empty if there is only one. */
  readonly scope?: string;
}

/** Reports faults for the conditions of a PLC (OPC 10000-9). */
export interface ConditionAlarms {
  /** The notifiers to subscribe to, without duplicates. */
  readonly sources: readonly EventSource[];
  /**
   * Processes an event and returns the resulting signals. Pass events without a condition as well: some report lost
   * events.
   */
  handle(event: PlcEvent): readonly AlarmSignal[];
  /**
   * Processes all conditions read from a notifier that does not support a refresh. Conditions that are missing are
   * closed, unless the notifier has never shown a readable condition: then only its events count.
   */
  reconcile(notifier: string, read: readonly ReadCondition[]): readonly AlarmSignal[];
  /** Starts a refresh, in which these notifiers, the subscribed ones, report all retained conditions again. */
  beginRefresh(notifiers?: readonly string[]): void;
  /** Ends the refresh and closes the conditions that it did not report. */
  endRefresh(): readonly AlarmSignal[];
  /** Ends a refresh that was refused or interrupted; missing conditions stay open. */
  abandonRefresh(): void;
  /**
   * Returns the condition to acknowledge or confirm for a fault: the latest that still needs it, otherwise the latest.
   * Returns `undefined` if there is none, or if it was only read: the required event id comes with its next event.
   */
  conditionOf(entityId: string, code: string, step?: 'acknowledge' | 'confirm'): AnsweredCondition | undefined;
  readonly active: readonly ActiveAlarm[];
}
