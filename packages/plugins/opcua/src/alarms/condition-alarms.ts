import type { AutoAlarms } from '../node-map/auto-alarms.ts';
import type { EventAlarm } from '../node-map/event-alarm.ts';
import type { AlarmSeverity } from '../node-map/fault-rule.ts';
import type { EventSource, PlcEvent, ReadCondition } from '../session/plc-event.ts';
import type { AlarmSignal } from './alarm-signal.ts';

/** A condition that is active, or that nobody has acknowledged since it was. */
export interface ActiveAlarm {
  readonly code: string;
  readonly entityId: string;
  readonly conditionId: string;
  readonly isActive: boolean;
  readonly isAcknowledged: boolean;
  readonly severity: AlarmSeverity;
  readonly message: string;
}

/** What to do with a condition needs: its id, and that of the event that somebody answers to (OPC 10000-9, 5.7.3). */
export interface AnsweredCondition {
  readonly conditionId: string;
  readonly eventId: Uint8Array;
}

export interface ConditionAlarmsOptions {
  readonly eventAlarms: readonly EventAlarm[];
  readonly autoAlarms: AutoAlarms | undefined;
  /** Whether an alarm is over once it was acknowledged and confirmed; else once it was acknowledged. */
  readonly requireConfirm: boolean;
  readonly componentId: string;
  /** The app that a node of the PLC belongs to. */
  readonly entityOfNode: (nodeId: string) => string | undefined;
  readonly log: (level: 'info' | 'warn', text: string) => void;
  /** Whether something else raises this code: a value, or another PLC. */
  readonly isTaken?: (code: string) => boolean;
  /** What is folded into automatic codes, so that PLCs that are alike have codes of their own; empty for the only one. */
  readonly scope?: string;
}

/** Makes faults of the conditions of a PLC (OPC 10000-9). */
export interface ConditionAlarms {
  /** The notifiers whose events are wanted, no one twice. */
  readonly sources: readonly EventSource[];
  /** What an event changes. Events that tell of no condition are to be given as well: some say that others were lost. */
  hear(event: PlcEvent): readonly AlarmSignal[];
  /**
   * What was read of a notifier's conditions, all that it shows, where it cannot be asked for a refresh. What it does not
   * show any more is over; but a notifier that never showed a condition tells of events alone, and nothing of it is.
   */
  reconcile(notifier: string, read: readonly ReadCondition[]): readonly AlarmSignal[];
  /** From now on a refresh tells again of all that these notifiers retain: those that took the subscription. */
  beginRefresh(notifiers?: readonly string[]): void;
  /** The refresh has told of all: what it did not tell of is over. */
  endRefresh(): readonly AlarmSignal[];
  /** The refresh was refused, or broke off: nothing follows from what it did not tell of. */
  abandonRefresh(): void;
  /**
   * The condition to acknowledge, or confirm, for a fault: the latest one that still needs it, else the latest one.
   * Undefined where there is none, and where it was read alone: its next event has what is needed.
   */
  conditionOf(entityId: string, code: string, step?: 'acknowledge' | 'confirm'): AnsweredCondition | undefined;
  readonly active: readonly ActiveAlarm[];
}
