import { BlobError } from '../blob-error.ts';
import { type Blobs, checkKey, type ListedBlob } from '../blobs.ts';
import { digested } from '../digest.ts';
import { inParts, PART_BYTES, putParts } from './multipart.ts';
import { connectionError, placeOf } from './s3-error.ts';
import { type S3RequestsOptions, s3Requests } from './s3-requests.ts';
import { signRequest } from './sign-request.ts';

export { parseS3Address, parseS3Key, type S3Address, type S3Key } from './s3-address.ts';

/** Longest validity of a URL: the maximum of S3, 7 days. */
const MAX_PRESIGN_SEC = 604_800;

/**
 * Stores each key as an object of a bucket, with the calls that all servers of the S3 protocol have: PUT, multipart upload,
 * GET with a range, HEAD, DELETE and a list. Uses no conditional write: some servers do not know it, and the keys of a hub
 * are digests of their content.
 */
export function s3Blobs(options: S3RequestsOptions): Blobs {
  const { address, key: credentials, clock } = options;
  const requests = s3Requests(options);
  return {
    place: placeOf(address),
    put: async (key, chunks) => {
      checkKey(key);
      const content = digested(chunks);
      const parts = inParts(content.chunks);
      const first = await parts.next();
      const body = first.done ? new Uint8Array(0) : first.value;
      if (body.length < PART_BYTES) {
        // Ends the source as well.
        await parts.next();
        await requests.send({ method: 'PUT', name: key, body });
      } else await putParts({ requests, address }, key, withFirst(body, parts));
      return content.result();
    },
    get: async (key, range) => {
      checkKey(key);
      const headers = range && { range: `bytes=${range.first}-${range.last}` };
      const reply = await requests.open({ method: 'GET', name: key, ...(headers && { headers }) });
      if (range && reply.status !== 206) {
        reply.close();
        throw new BlobError('failed', `${placeOf(address)} does not answer ranges: use a server that does`);
      }
      return broken(reply.body, (error) => connectionError(address, error));
    },
    head: async (key) => {
      checkKey(key);
      const { status, headers } = await requests.send({ method: 'HEAD', name: key, accepts: [404] });
      return status === 404 ? undefined : { bytes: Number(headers['content-length'] ?? 0) };
    },
    remove: async (key) => {
      checkKey(key);
      await requests.send({ method: 'DELETE', name: key, accepts: [404] });
    },
    presign: async (method, key, seconds, headers) => {
      checkKey(key);
      const query = headers && {
        'response-content-type': headers.mimetype,
        'response-content-disposition': headers.disposition,
      };
      const signed = await signRequest(address, credentials, {
        method: method === 'get' ? 'GET' : 'PUT',
        path: `${requests.pathOf(key)}${query ? `?${new URLSearchParams(query)}` : ''}`,
        nowMs: clock.wallMs(),
        validSec: Math.min(Math.max(1, Math.floor(seconds)), MAX_PRESIGN_SEC),
      });
      return signed.url;
    },
    list: async function* (prefix) {
      for (let token: string | undefined = ''; token !== undefined; ) {
        const from = token === '' ? '' : `&continuation-token=${encodeURIComponent(token)}`;
        const query = `list-type=2&prefix=${encodeURIComponent(address.prefix + prefix)}${from}`;
        const { text } = await requests.send({ method: 'GET', name: '', query });
        yield* listedIn(text, address.prefix);
        token = /<NextContinuationToken>([^<]+)</.exec(text)?.[1];
      }
    },
  };
}

async function* withFirst(first: Uint8Array, others: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
  yield first;
  yield* others;
}

/** Converts an error of a body. */
async function* broken(
  body: AsyncIterable<Uint8Array>,
  convert: (error: unknown) => Error,
): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (error) {
    throw convert(error);
  }
}

/** Reads a page of the list. Names that are no keys are not those of this store. */
function listedIn(text: string, prefix: string): readonly ListedBlob[] {
  return [...text.matchAll(/<Contents>(.*?)<\/Contents>/gs)].flatMap(([, entry = '']) => {
    const name = /<Key>([^<]+)</.exec(entry)?.[1];
    const storedMs = Date.parse(/<LastModified>([^<]+)</.exec(entry)?.[1] ?? '');
    const bytes = Number(/<Size>(\d+)</.exec(entry)?.[1]);
    if (!name?.startsWith(prefix) || Number.isNaN(storedMs)) return [];
    return [{ key: name.slice(prefix.length), bytes, storedMs }];
  });
}
