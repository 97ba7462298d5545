import type { FaultListItem } from '@medkit/contract';

/** Returns the key of a fault in a list. The code alone is not unique across gateways. */
export function faultKey({
  entity_type,
  entity_id,
  fault_code,
}: Pick<FaultListItem, 'entity_type' | 'entity_id' | 'fault_code'>): string {
  return `${entity_type ?? ''}/${entity_id ?? ''}/${fault_code}`;
}

/**
 * Returns the status of a fault: `PREFAILED`, `PREPASSED`, `CONFIRMED`, `HEALED`, `CLEARED`, or another status of a
 * runtime.
 */
export function statusOf({ status, 'x-medkit': about }: FaultListItem): string {
  return typeof status === 'string' ? status : (about?.status_raw ?? status.aggregatedStatus).toUpperCase();
}

/** Returns whether a fault is past. `PREPASSED` counts as past, although it has not yet passed often enough to heal. */
export function isOver(fault: FaultListItem): boolean {
  return ['HEALED', 'CLEARED', 'PREPASSED', 'PASSIVE'].includes(statusOf(fault));
}

/**
 * Returns the number of passed reports after which a fault with this counter heals. Returns `undefined` if healing is
 * disabled.
 */
export function reportsToHeal(
  counter: number,
  {
    healing_enabled,
    healing_threshold,
  }: {
    readonly healing_enabled: boolean;
    readonly healing_threshold: number;
  },
): number | undefined {
  if (!healing_enabled) return undefined;
  return Math.max(1, healing_threshold - counter);
}
