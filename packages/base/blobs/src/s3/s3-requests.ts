import { createHash } from 'node:crypto';
import { type Clock, type HttpStreamReply, type HttpStreams, pause, retryDelayMs } from '@medkit/edges';
import { BlobError } from '../blob-error.ts';
import type { S3Address, S3Key } from './s3-address.ts';
import { connectionError, replyError } from './s3-error.ts';
import { type SignOptions, signRequest } from './sign-request.ts';

/** Time for a reply to begin: 8 MiB take 70 s at 1 Mbit/s. */
const REPLY_MS = 120_000;
/** Attempts of one request. A server that is overloaded or restarts answers the next one. */
const MAX_ATTEMPTS = 3;
const RETRY = { firstMs: 500, maxMs: 5000 };
/** Maximum bytes of a reply that is not content: a list of 1,000 objects has 500 KB. */
const MAX_DOCUMENT_BYTES = 4 * 1024 * 1024;

export interface S3RequestsOptions {
  readonly address: S3Address;
  readonly key: S3Key;
  readonly http: HttpStreams;
  readonly clock: Clock;
}

export interface S3Request extends Pick<SignOptions, 'method'> {
  /** Name of the object; empty for the bucket. */
  readonly name: string;
  /** Query without `?`. */
  readonly query?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: Uint8Array;
  /** Statuses that are no failure besides those below 300. */
  readonly accepts?: readonly number[];
}

/** Requests to one bucket. All throw `BlobError`. */
export interface S3Requests {
  /** Sends a request and returns the reply while it arrives. */
  open(request: S3Request): Promise<HttpStreamReply>;
  /** Sends a request and returns the whole reply. */
  send(
    request: S3Request,
  ): Promise<{ readonly status: number; readonly headers: HttpStreamReply['headers']; readonly text: string }>;
  /** Path of an object on the server, with the bucket (path style). */
  pathOf(name: string): string;
}

/** Sends signed requests. A request that fails without a decision of the server is repeated: each one may be. */
export function s3Requests({ address, key, http, clock }: S3RequestsOptions): S3Requests {
  const pathOf = (name: string): string => `/${address.bucket}${name === '' ? '' : `/${address.prefix}${name}`}`;
  const attempt = async ({ method, name, query, headers, body, accepts = [] }: S3Request): Promise<HttpStreamReply> => {
    const path = `${pathOf(name)}${query === undefined ? '' : `?${query}`}`;
    const digest = createHash('sha256').update(body ?? '');
    const sent = {
      ...headers,
      // The server compares the content with both, so that no changed byte is stored.
      'x-amz-content-sha256': digest.copy().digest('hex'),
      ...(body && method === 'PUT' && { 'x-amz-checksum-sha256': digest.digest('base64') }),
    };
    const signed = await signRequest(address, key, { method, path, headers: sent, nowMs: clock.wallMs() });
    const reply = await http.open({
      method,
      url: signed.url,
      headers: signed.headers,
      ...(body && { body }),
      timeoutMs: REPLY_MS,
    });
    if (reply.status < 300 || accepts.includes(reply.status)) return reply;
    throw replyError(address, reply.status, await textOf(reply));
  };
  const repeated = async <T>(work: () => Promise<T>): Promise<T> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await work();
      } catch (error) {
        const failure = connectionError(address, error);
        if (failure.failure !== 'unreachable' || failures >= MAX_ATTEMPTS) throw failure;
        await pause(clock, retryDelayMs(RETRY, failures), new AbortController().signal);
      }
    }
  };
  return {
    pathOf,
    open: (request) => repeated(() => attempt(request)),
    send: (request) =>
      repeated(async () => {
        const reply = await attempt(request);
        return { status: reply.status, headers: reply.headers, text: await textOf(reply) };
      }),
  };
}

async function textOf(reply: HttpStreamReply): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of reply.body) {
    chunks.push(chunk);
    bytes += chunk.length;
    if (bytes > MAX_DOCUMENT_BYTES) throw new BlobError('failed', `A reply has more than ${MAX_DOCUMENT_BYTES} bytes`);
  }
  return Buffer.concat(chunks).toString();
}
