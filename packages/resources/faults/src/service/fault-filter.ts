import { FAULT_FILTERS, type FaultFilter, SovdError } from '@medkit/contract';
import { FAULT_STATUSES, type FaultStatus } from '@medkit/core';

const STATUSES: Readonly<Record<FaultFilter, readonly FaultStatus[]>> = {
  pending: ['PREFAILED'],
  confirmed: ['CONFIRMED'],
  cleared: ['CLEARED', 'HEALED', 'PREPASSED'],
  healed: ['HEALED', 'PREPASSED'],
  all: FAULT_STATUSES,
};

/** Default statuses of a list: all faults that need attention. */
export const OPEN_STATUSES: readonly FaultStatus[] = ['PREFAILED', 'CONFIRMED'];

/** Returns the statuses of a `?status=` filter. Throws `invalid-parameter` with the allowed values. */
export function statusesOf(filter: string | undefined): readonly FaultStatus[] {
  if (filter === undefined) return OPEN_STATUSES;
  if (isFilter(filter)) return STATUSES[filter];
  throw new SovdError({
    code: 'invalid-parameter',
    message: 'Invalid status parameter value',
    parameters: { allowed_values: FAULT_FILTERS.join(', '), parameter: 'status', value: filter },
  });
}

/** Returns whether a flag is `true` or `1`, in any letter case. */
export function isSet(flag: string | undefined): boolean {
  return /^(?:true|1)$/i.test(flag ?? '');
}

function isFilter(text: string): text is FaultFilter {
  return (FAULT_FILTERS as readonly string[]).includes(text);
}
