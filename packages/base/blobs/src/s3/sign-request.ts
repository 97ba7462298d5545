import { AwsV4Signer } from 'aws4fetch';
import type { S3Address, S3Key } from './s3-address.ts';

export interface SignOptions {
  readonly method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Path and query on the server. */
  readonly path: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly nowMs: number;
  /** Seconds for which a signature in the URL is valid; absent to sign in headers. */
  readonly validSec?: number;
}

/** Signs a request with AWS Signature Version 4. Returns its URL and its headers. */
export async function signRequest(
  { endpoint, region }: Pick<S3Address, 'endpoint' | 'region'>,
  key: S3Key,
  { method, path, headers = {}, nowMs, validSec }: SignOptions,
): Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }> {
  const url = new URL(endpoint + path);
  if (validSec !== undefined) url.searchParams.set('X-Amz-Expires', String(validSec));
  const signer = new AwsV4Signer({
    method,
    url: url.href,
    headers: { ...headers },
    accessKeyId: key.id,
    secretAccessKey: key.secret,
    ...(key.session !== undefined && { sessionToken: key.session }),
    service: 's3',
    region,
    // Basic form of ISO 8601: 20261128T003000Z.
    datetime: new Date(nowMs).toISOString().replaceAll(/[:-]|\.\d{3}/g, ''),
    signQuery: validSec !== undefined,
  });
  const signed = await signer.sign();
  const { host: _host, ...sent } = Object.fromEntries(signed.headers as Headers);
  return { url: signed.url.href, headers: sent };
}
