import type { FaultListItem } from '@medkit/contract';

/** What a fault is told apart by in a list: several gateways may have one of a code. */
export function faultKey({ entity_type, entity_id, fault_code }: FaultListItem): string {
  return `${entity_type ?? ''}/${entity_id ?? ''}/${fault_code}`;
}

/** How a fault stands: `PREFAILED`, `PREPASSED`, `CONFIRMED`, `HEALED`, `CLEARED`, or what else a runtime says. */
export function statusOf({ status, 'x-medkit': about }: FaultListItem): string {
  return typeof status === 'string' ? status : (about?.status_raw ?? status.aggregatedStatus).toUpperCase();
}

/** Whether a fault that stands so is past: also while it was not yet reported good often enough. */
export function isOver(fault: FaultListItem): boolean {
  return ['HEALED', 'CLEARED', 'PREPASSED', 'PASSIVE'].includes(statusOf(fault));
}

/** Good reports after which a fault with this counter heals; `undefined` where it does not heal of itself, or has. */
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
