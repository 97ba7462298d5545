import { BlobError, type BlobFailure } from '../blob-error.ts';
import type { S3Address } from './s3-address.ts';

const ACCESS =
  'check the credentials in fleet.evidence_key_file, and that they may read, write, list and delete objects';

/** Codes of S3 with what they mean for the store. */
const FAILURES: Readonly<Record<string, readonly [BlobFailure, string]>> = {
  NoSuchBucket: ['bucket', 'the bucket does not exist: create it, or correct fleet.evidence'],
  InvalidBucketName: ['bucket', 'the bucket cannot have this name: correct fleet.evidence'],
  PermanentRedirect: ['bucket', 'the bucket is in another region: correct the region in fleet.evidence'],
  AuthorizationHeaderMalformed: ['bucket', 'the server expects another region: correct the region in fleet.evidence'],
  NoSuchKey: ['missing', 'the bucket has no such object'],
  AccessDenied: ['access', ACCESS],
  InvalidAccessKeyId: ['access', `the server does not know the access key: ${ACCESS}`],
  SignatureDoesNotMatch: ['access', `the secret is wrong: ${ACCESS}`],
  ExpiredToken: ['access', `the session token has expired: ${ACCESS}`],
  RequestTimeTooSkewed: ['access', 'the clocks of the hub and of the server differ: synchronize both'],
  QuotaExceeded: ['full', 'the quota of the bucket is used up: raise it, or shorten the retention of evidence'],
  InsufficientStorage: ['full', 'the server has no space left: free space, or shorten the retention of evidence'],
  XMinioStorageFull: ['full', 'the server has no space left: free space, or shorten the retention of evidence'],
  SlowDown: ['unreachable', 'the server limits requests; the hub tries again later'],
  ServiceUnavailable: ['unreachable', 'the server is overloaded; the hub tries again later'],
  RequestTimeout: ['unreachable', 'the connection was too slow; the hub tries again later'],
};
/** For replies without a body, such as those to HEAD. */
const BY_STATUS: Readonly<Record<number, string>> = {
  301: 'PermanentRedirect',
  403: 'AccessDenied',
  404: 'NoSuchKey',
  413: 'QuotaExceeded',
  503: 'ServiceUnavailable',
  507: 'InsufficientStorage',
};

/** The name of a bucket and its server for people. */
export const placeOf = ({ bucket, prefix, endpoint }: S3Address): string => `s3://${bucket}/${prefix} on ${endpoint}`;

/** Converts a reply that is no success to an error with the remedy. */
export function replyError(address: S3Address, status: number, text: string): BlobError {
  const code = /<Code>([\w.-]{1,64})<\/Code>/.exec(text)?.[1] ?? BY_STATUS[status] ?? '';
  const message = /<Message>([^<]{1,300})/.exec(text)?.[1];
  const [failure, reason] = FAILURES[code] ?? ['failed', message ?? 'the server gives no reason'];
  const answered = code === '' ? String(status) : `${status} ${code}`;
  return new BlobError(failure, `Cannot use ${placeOf(address)}: ${reason} (the server answered ${answered})`);
}

/** Converts a failure of the connection to an error with the remedy. */
export function connectionError(address: S3Address, error: unknown): BlobError {
  if (error instanceof BlobError) return error;
  const reason =
    error instanceof Error ? error.message || String((error as NodeJS.ErrnoException).code) : String(error);
  const remedy = 'check that the server runs, and the endpoint in fleet.evidence';
  return new BlobError('unreachable', `Cannot reach ${placeOf(address)}: ${reason}; ${remedy}`);
}
