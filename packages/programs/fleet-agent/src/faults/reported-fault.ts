import type { EntityRef } from '@medkit/client';
import { FAULT_SEVERITIES, type FaultListItem } from '@medkit/contract';
import { listedStatus } from '@medkit/core/faults';

/** Origin of the queried gateway itself. */
export const LOCAL_ORIGIN = 'local';

/** The properties of a fault that matter for a fleet. */
export interface ReportedFault {
  readonly code: string;
  /** Name of the gateway with the fault. */
  readonly origin: string;
  /** Entity of the fault; absent if the reporter is not an entity. */
  readonly entity?: EntityRef;
  readonly sources: readonly string[];
  readonly severity: (typeof FAULT_SEVERITIES.names)[number];
  readonly description: string;
  /** `CONFIRMED`, or another status of the contract. */
  readonly status: string;
  /** Number of occurrences; 0 if unknown. */
  readonly occurrence: number;
  /** Time of confirmation or start, seconds since 1970. */
  readonly sinceS?: number;
  /** The fault that explains it. */
  readonly symptomOf?: string;
  /** The root cause that mutes it, so that lists omit it. */
  readonly mutedBy?: string;
  /** Time of the copy, if its gateway does not answer. */
  readonly asOf?: string;
}

/** Lists of other gateways have members in `x-medkit` that the schema does not name. */
type About = NonNullable<FaultListItem['x-medkit']> & { readonly origin?: unknown };

/** Converts a list item or the fault of an event. */
export function reportedFault(item: FaultListItem, eventOrigin?: string): ReportedFault {
  const about: About = item['x-medkit'] ?? {};
  const { entity_id: id, entity_type: kind } = item;
  const sinceS = item.confirmed_at ?? item.first_occurred;
  const origin = eventOrigin ?? (typeof about.origin === 'string' ? about.origin : LOCAL_ORIGIN);
  return {
    code: item.fault_code,
    origin,
    ...(id && kind && { entity: { kind, id } }),
    sources: item.reporting_sources ?? [],
    severity: FAULT_SEVERITIES.names[item.severity] ?? 'error',
    description: item.description ?? item.fault_name ?? '',
    status: listedStatus(item),
    occurrence: item.occurrence_count ?? 0,
    ...(sinceS && { sinceS }),
    ...(about.symptom_of && { symptomOf: about.symptom_of.root_cause_code }),
    ...(about.muted && { mutedBy: about.muted.root_cause_code }),
    ...(about.as_of && { asOf: about.as_of }),
  };
}

/** Returns the key of a fault: faults of two gateways may have the same code. */
export function faultKey({ origin, code }: Pick<ReportedFault, 'origin' | 'code'>): string {
  return `${origin}\n${code}`;
}
