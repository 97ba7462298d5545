import type { MappedFault } from '../node-map/fault-rule.ts';
import type { AlarmSignal } from './alarm-signal.ts';
import type { ConditionState } from './condition-state.ts';

/** Whether the node map says what fault an alarm is, or its code was made of its names. */
export type AlarmOrigin = 'mapped' | 'automatic';

/** A condition of a PLC, the fault that it is, and how it was told of last. */
export interface Condition {
  readonly id: string;
  /** What stays the same where the server makes another condition of the same alarm. */
  readonly key: string;
  readonly notifier: string;
  readonly origin: AlarmOrigin;
  readonly entityId: string;
  readonly fault: MappedFault;
  readonly state: ConditionState;
  /** Notifier whose text counts while it is active: each one may give other further fields. */
  readonly textFrom: string;
  readonly acknowledged: boolean;
  readonly confirmed: boolean;
  /** Of its last event; absent where it was read alone. */
  readonly eventId: Uint8Array | undefined;
}

/** What is told of a condition's fault. */
export function conditionSignal({ fault, entityId }: Condition, kind: AlarmSignal['kind']): AlarmSignal {
  return { code: fault.code, entityId, kind, severity: fault.severity, message: fault.message };
}
