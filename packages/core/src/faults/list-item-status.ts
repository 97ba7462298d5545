/** The fields of a list item that carry the status of its fault. */
interface ListedStatus {
  readonly status?: unknown;
  readonly 'x-medkit'?: unknown;
}

/**
 * Returns the status of a fault in a list, such as `CONFIRMED`. If the status is an object, as with runtimes that
 * record their faults themselves, returns `x-medkit.status_raw`. Returns an empty string if the item has neither.
 */
export function listedStatus({ status, 'x-medkit': about }: ListedStatus): string {
  if (typeof status === 'string') return status;
  const word = typeof about === 'object' && about !== null && 'status_raw' in about ? about.status_raw : undefined;
  return typeof word === 'string' ? word : '';
}
