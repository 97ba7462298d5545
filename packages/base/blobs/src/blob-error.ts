/**
 * `missing`: the key has no content. `access`: the credentials are wrong or do not suffice. `bucket`: the bucket or the
 * folder does not exist. `unreachable`: the server cannot be reached, or broke off. `full`: no space is left. `failed`: any
 * other failure.
 */
export type BlobFailure = 'missing' | 'access' | 'bucket' | 'unreachable' | 'full' | 'failed';

/** A failure of a blob store. The message names the store, the reason and the remedy. */
export class BlobError extends Error {
  override readonly name = 'BlobError';
  readonly failure: BlobFailure;

  constructor(failure: BlobFailure, message: string) {
    super(message);
    this.failure = failure;
  }
}
