import { SovdError } from '@medkit/contract';
import { StoreError } from '@medkit/store';

/** Runs `work`; converts an error of the store to `service-unavailable` with its reason, which may be disclosed. */
export async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw new SovdError({ code: 'service-unavailable', message: error.message });
    throw error;
  }
}
