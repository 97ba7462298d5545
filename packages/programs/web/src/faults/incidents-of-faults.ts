import type { FaultListItem, IncidentDetail, IncidentList } from '@medkit/contract';

const placeOf = (entity: string | null | undefined, code: string): string => `${entity ?? ''}/${code}`;

/** Returns the id of the incident that a fault belongs to, or `undefined` if none is known. */
export type IncidentOf = (fault: Pick<FaultListItem, 'entity_id' | 'fault_code'>) => string | undefined;

/** Maps each fault to the newest incident that contains it. */
export function incidentsOfFaults(list: IncidentList | undefined, details: readonly IncidentDetail[]): IncidentOf {
  const ids = new Map<string, string>();
  const oldestFirst = (list?.items ?? []).toReversed();
  for (const { id, entity_id, root } of oldestFirst) {
    ids.set(placeOf(entity_id, root), id);
    for (const fault of details.find((detail) => detail.id === id)?.faults ?? []) {
      ids.set(placeOf(fault.entity_id, fault.fault_code), id);
    }
  }
  return ({ entity_id, fault_code }) => ids.get(placeOf(entity_id, fault_code));
}
