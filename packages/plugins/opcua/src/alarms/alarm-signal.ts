import type { AlarmSeverity, MappedFault } from '../node-map/fault-rule.ts';

/** Start or end of a PLC's fault. */
export interface AlarmSignal {
  readonly code: string;
  readonly entityId: string;
  readonly kind: 'raise' | 'clear';
  readonly severity: AlarmSeverity;
  readonly message: string;
}

/** Shared result of observations without signals. */
export const NO_SIGNALS: readonly AlarmSignal[] = Object.freeze([]);

/** Creates the signal that a fault of an entity starts or ends. */
export function signalOf(fault: MappedFault, entityId: string, kind: AlarmSignal['kind']): AlarmSignal {
  const { code, severity, message } = fault;
  return { code, entityId, kind, severity, message };
}
