import { type EntityFaults, FAULT_SEVERITIES, type FaultListResult, type TreeFaults } from '@medkit/contract';
import { memoizeByObject } from '@medkit/core';

/** Counts the faults of each entity by severity. Returns the same object for the same list. */
export const treeFaults = memoizeByObject(({ items }: FaultListResult): TreeFaults => {
  const byEntity = new Map<string, EntityFaults>();
  for (const { entity_type, entity_id, severity } of items) {
    if (!entity_type || !entity_id) continue;
    const key = `${entity_type} ${entity_id}`;
    const counted = byEntity.get(key) ?? { entity_type, entity_id, info: 0, warning: 0, error: 0, critical: 0 };
    // An unknown severity counts as at least an error.
    const name = FAULT_SEVERITIES.names[severity] ?? 'error';
    byEntity.set(key, { ...counted, [name]: counted[name] + 1 });
  }
  return { items: [...byEntity.values()] };
});
