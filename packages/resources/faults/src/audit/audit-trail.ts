import type { Fault } from '@medkit/core';
import type { AuditRecord } from '@medkit/store';
import type { FaultConfiguration } from '../configuration/fault-settings.ts';
import type { DebounceStep } from '../debounce/step-fault.ts';

/** Sources of changes that no reporter made. */
export type AuditSource = 'auto_heal' | 'auto_confirm_timer' | 'clear_service' | 'displacement' | 'startup_reclassify';

/** Maximum stored characters of a client name. */
const MAX_CLIENT_LENGTH = 256;

/** Returns the source of a clear: the service name that ros2_medkit uses, followed by the client if known. */
export function clearedBy(client = ''): string {
  const service: AuditSource = 'clear_service';
  return client === '' ? service : `${service}:${client.slice(0, MAX_CLIENT_LENGTH)}`;
}

/** Returns the audit records of a step, as far as the settings log them. */
export type AuditTrail = (step: DebounceStep, source: string, nowNs: bigint) => readonly AuditRecord[];

const record = (fault: Fault, transition: string, sourceId: string, occurredAtNs: bigint): AuditRecord => ({
  occurredAtNs,
  faultCode: fault.code,
  transition,
  severity: fault.severity,
  status: fault.status,
  sourceId,
  description: fault.description,
});

/** Creates the audit trail of a configuration; it returns no records if the log is disabled. */
export function auditTrail(configuration: FaultConfiguration): AuditTrail {
  if (!configuration['audit_log.enabled']) return () => [];
  const confirmedOnly = configuration['audit_log.transitions'] === 'confirmed_only';
  return ({ fault, newOccurrence, reached }, source, nowNs) => {
    if (fault === undefined) return [];
    const transitions = [...(newOccurrence ? ['occurred'] : []), ...(reached ? [reached.toLowerCase()] : [])];
    return transitions
      .filter((transition) => !confirmedOnly || transition === 'confirmed')
      .map((transition) => record(fault, transition, transition === 'healed' ? 'auto_heal' : source, nowNs));
  };
}
