import { SovdError } from '@medkit/contract';
import { StoreError } from '@medkit/store';

/** What `work` gives; where the store fails it, `service-unavailable` with the reason, which is fit to be shown. */
export async function stored<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof StoreError) throw new SovdError({ code: 'service-unavailable', message: error.message });
    throw error;
  }
}
