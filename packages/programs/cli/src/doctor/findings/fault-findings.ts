import type { FaultListItem } from '@medkit/contract';
import { listedStatus } from '@medkit/core/faults';
import { type Finding, finding } from './finding.ts';

/** Maximum number of faults that the finding names; it counts the rest. */
const MAX_NAMED = 5;

/** Confirmed faults of the robot, as one finding. */
export function faultFindings(faults: readonly FaultListItem[]): readonly Finding[] {
  const confirmed = faults.filter((fault) => listedStatus(fault) === 'CONFIRMED');
  if (confirmed.length === 0) return [];
  const more = confirmed.length - MAX_NAMED;
  const named = confirmed.slice(0, MAX_NAMED).map(formatValue).join('; ') + (more > 0 ? `; and ${more} more` : '');
  return [finding('faults', `${named}.`, { code: confirmed.length === 1 ? confirmed[0].fault_code : '<code>' })];
}

function formatValue({ fault_code, entity_id, reporting_sources, description }: FaultListItem): string {
  const where = entity_id ?? reporting_sources?.[0];
  return `${fault_code}${where ? ` on ${where}` : ''}${description ? ` (${description})` : ''}`;
}
