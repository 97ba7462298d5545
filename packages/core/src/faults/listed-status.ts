/** Where the item of a list says how its fault stands. */
interface ListedStatus {
  readonly status?: unknown;
  readonly 'x-medkit'?: unknown;
}

/**
 * The word for how the fault of a list item stands, such as `CONFIRMED`: its status, or where that is an object, as of runtimes that
 * record their faults themselves, what stands beside it. Empty where the item says nothing of the kind.
 */
export function listedStatus({ status, 'x-medkit': about }: ListedStatus): string {
  if (typeof status === 'string') return status;
  const word = typeof about === 'object' && about !== null && 'status_raw' in about ? about.status_raw : undefined;
  return typeof word === 'string' ? word : '';
}
