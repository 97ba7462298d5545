import { FAULT_SEVERITIES } from '@medkit/contract';
import type { FaultSeverity } from '@medkit/core';
import type { FleetOutbreak } from '@medkit/fleet';
import { endOf, type IncidentBook, type Occurrence } from '@medkit/incidents';
import { FLEET } from '../tree/fleet-entities.ts';

/**
 * Returns an outbreak as an occurrence of a fault of the fleet, of which incidents are made. The number of the outbreak
 * identifies it, also after a restart.
 */
export function outbreakOccurrence({ id, kind, severity, report, ...times }: FleetOutbreak): Occurrence {
  const { beganMs, changedMs, endedMs } = times;
  return {
    origin: FLEET,
    code: kind.toUpperCase(),
    number: id,
    sequence: id,
    description: report.title,
    severity: Math.min(severity, FAULT_SEVERITIES.names.length - 1) as FaultSeverity,
    beganMs,
    startedMs: beganMs,
    reportedMs: changedMs,
    ...(endedMs !== undefined && { healedMs: endedMs }),
    recordings: [],
    related: [],
    outbreak: { summary: report.summary, detail: report.detail },
  };
}

/**
 * Adds an outbreak to the incidents. An outbreak that has ended is added only if its incident is open: incidents of a
 * hub are removed earlier than its outbreaks.
 */
export function reportOutbreak(book: Pick<IncidentBook, 'known' | 'tell'>, outbreak: FleetOutbreak): void {
  const occurrence = outbreakOccurrence(outbreak);
  const known = book.known(occurrence);
  if (outbreak.endedMs !== undefined && (!known || endOf(known) !== undefined)) return;
  book.tell([occurrence]);
}
