import { type Store, StoreError, type StoreUsage } from '@medkit/store';

/** Returns the usage of a store; `undefined` if its writer thread does not run. */
export async function usageOf(store: Pick<Store, 'usage'>): Promise<StoreUsage | undefined> {
  try {
    return await store.usage();
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
