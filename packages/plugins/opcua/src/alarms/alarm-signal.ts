import type { AlarmSeverity, MappedFault } from '../node-map/fault-rule.ts';

/** That a fault of a PLC began, or is over. */
export interface AlarmSignal {
  readonly code: string;
  readonly entityId: string;
  readonly kind: 'raise' | 'clear';
  readonly severity: AlarmSeverity;
  readonly message: string;
}

/** What most observations tell. */
export const NO_SIGNALS: readonly AlarmSignal[] = Object.freeze([]);

/** That a fault of an entity begins, or is over. */
export function signalOf(fault: MappedFault, entityId: string, kind: AlarmSignal['kind']): AlarmSignal {
  const { code, severity, message } = fault;
  return { code, entityId, kind, severity, message };
}
