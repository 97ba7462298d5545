import type { EntityRef } from '@medkit/client';
import type { FaultListItem } from '@medkit/contract';
import { listedStatus } from '@medkit/core/faults';
import { SEVERITIES, type Severity } from '../rules/rule.ts';

/** The gateway that is asked, among origins. */
export const LOCAL_ORIGIN = 'local';

/** A fault as a gateway tells it, as far as a fleet is concerned. */
export interface ReportedFault {
  readonly code: string;
  /** The gateway that it is of, by its name there. */
  readonly origin: string;
  /** Where it is found; a reporter that is no entity has none. */
  readonly entity?: EntityRef;
  readonly sources: readonly string[];
  readonly severity: Severity;
  readonly description: string;
  /** `CONFIRMED`, and the others that the contract has. */
  readonly status: string;
  /** How often it came; 0 where nobody counts. */
  readonly occurrence: number;
  /** Seconds since 1970 at which it was confirmed, or began. */
  readonly sinceS?: number;
  /** The fault that explains it. */
  readonly symptomOf?: string;
  /** The fault that speaks for it, so that lists leave it out. */
  readonly mutedBy?: string;
  /** When it was copied from a gateway that does not answer. */
  readonly asOf?: string;
}

/** Lists of other gateways have members in `x-medkit` that the schema does not name. */
type About = NonNullable<FaultListItem['x-medkit']> & { readonly origin?: unknown };

/** What a fleet may have to know of an item of a list, or of the fault of an event. */
export function reportedFault(item: FaultListItem, tellingOrigin?: string): ReportedFault {
  const about: About = item['x-medkit'] ?? {};
  const { entity_id: id, entity_type: kind } = item;
  const sinceS = item.confirmed_at ?? item.first_occurred;
  const origin = tellingOrigin ?? (typeof about.origin === 'string' ? about.origin : LOCAL_ORIGIN);
  return {
    code: item.fault_code,
    origin,
    ...(id && kind && { entity: { kind, id } }),
    sources: item.reporting_sources ?? [],
    severity: SEVERITIES[item.severity] ?? 'error',
    description: item.description ?? item.fault_name ?? '',
    status: listedStatus(item),
    occurrence: item.occurrence_count ?? 0,
    ...(sinceS && { sinceS }),
    ...(about.symptom_of && { symptomOf: about.symptom_of.root_cause_code }),
    ...(about.muted && { mutedBy: about.muted.root_cause_code }),
    ...(about.as_of && { asOf: about.as_of }),
  };
}

/** Two gateways may have faults of one code. */
export function faultKey({ origin, code }: Pick<ReportedFault, 'origin' | 'code'>): string {
  return `${origin}\n${code}`;
}
