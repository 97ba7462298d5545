/**
 * Where a fault stands. PREFAILED and PREPASSED are on the way to being confirmed or healed; CONFIRMED stays until it
 * heals or is cleared; HEALED went away by itself; CLEARED was put away by somebody.
 */
export const FAULT_STATUSES = ['PREFAILED', 'PREPASSED', 'CONFIRMED', 'HEALED', 'CLEARED'] as const;

export type FaultStatus = (typeof FAULT_STATUSES)[number];

/** True for one of the five words. */
export function isFaultStatus(word: string): word is FaultStatus {
  return (FAULT_STATUSES as readonly string[]).includes(word);
}
