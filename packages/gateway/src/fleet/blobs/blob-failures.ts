import { BlobError } from '@medkit/blobs';
import { SovdError } from '@medkit/contract';

/** Converts a failure of the blobs to an error for clients. */
export async function reached<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof BlobError)) throw error;
    const code = error.failure === 'full' ? 'x-medkit-storage-full' : 'service-unavailable';
    throw new SovdError({ code, message: error.message });
  }
}
