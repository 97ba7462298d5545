/** Bytes under keys: the interface, and the store in a folder. `@medkit/blobs/s3` has the store in a bucket. */

export { BlobError, type BlobFailure } from './blob-error.ts';
export type { Blobs, DownloadHeaders, ListedBlob, StoredBlob } from './blobs.ts';
export { folderBlobs } from './folder-blobs.ts';
