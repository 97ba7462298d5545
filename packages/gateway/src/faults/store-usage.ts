import { type Store, StoreError, type StoreUsage } from '@medkit/store';

/** What only the thread that writes knows, while there is one. */
export async function usageOf(store: Pick<Store, 'usage'>): Promise<StoreUsage | undefined> {
  try {
    return await store.usage();
  } catch (error) {
    if (error instanceof StoreError) return undefined;
    throw error;
  }
}
