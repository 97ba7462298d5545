import type { MappedFault } from '../node-map/fault-rule.ts';
import type { AlarmSignal } from './alarm-signal.ts';
import type { ConditionState } from './condition-state.ts';

/** Whether the fault of an alarm is defined in the node map or its code was derived from its names. */
export type AlarmOrigin = 'mapped' | 'automatic';

/** A condition of a PLC, with its fault and its last report. */
export interface Condition {
  readonly id: string;
  /** Stays the same if the server creates another condition for the same alarm. */
  readonly key: string;
  readonly notifier: string;
  readonly origin: AlarmOrigin;
  readonly entityId: string;
  readonly fault: MappedFault;
  readonly state: ConditionState;
  /** Notifier whose text is used while the condition is active: each one may provide different additional fields. */
  readonly textFrom: string;
  readonly acknowledged: boolean;
  readonly confirmed: boolean;
  /** Id of the last event; absent if the condition was only read. */
  readonly eventId: Uint8Array | undefined;
}

/** Creates the signal for a condition's fault. */
export function conditionSignal({ fault, entityId }: Condition, kind: AlarmSignal['kind']): AlarmSignal {
  return { code: fault.code, entityId, kind, severity: fault.severity, message: fault.message };
}
