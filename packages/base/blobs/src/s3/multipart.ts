import type { S3Address } from './s3-address.ts';
import { replyError } from './s3-error.ts';
import type { S3Requests } from './s3-requests.ts';

/** Bytes of a part: above the 5 MiB that S3 requires, and 80 GB in the 10,000 parts that it permits. */
export const PART_BYTES = 8 * 1024 * 1024;

/** Collects chunks into parts of `PART_BYTES`; the last one is shorter. No chunks make no part. */
export async function* inParts(chunks: AsyncIterable<Uint8Array>, partBytes = PART_BYTES): AsyncGenerator<Uint8Array> {
  let part = Buffer.allocUnsafe(partBytes);
  let filled = 0;
  for await (const chunk of chunks) {
    for (let from = 0; from < chunk.length; ) {
      const taken = Math.min(chunk.length - from, partBytes - filled);
      part.set(chunk.subarray(from, from + taken), filled);
      filled += taken;
      from += taken;
      if (filled < partBytes) continue;
      yield part;
      // The reader may still send the last one.
      part = Buffer.allocUnsafe(partBytes);
      filled = 0;
    }
  }
  if (filled > 0) yield part.subarray(0, filled);
}

/** Stores content of several parts as one object. If a part fails, removes the others and throws `BlobError`. */
export async function putParts(
  { requests, address }: { readonly requests: S3Requests; readonly address: S3Address },
  name: string,
  parts: AsyncIterable<Uint8Array>,
): Promise<void> {
  const { text } = await requests.send({ method: 'POST', name, query: 'uploads=' });
  const id = /<UploadId>([^<]+)<\/UploadId>/.exec(text)?.[1];
  if (id === undefined) throw replyError(address, 200, text);
  const upload = `uploadId=${encodeURIComponent(id)}`;
  const stored: string[] = [];
  try {
    for await (const body of parts) {
      const query = `partNumber=${stored.length + 1}&${upload}`;
      const { headers } = await requests.send({ method: 'PUT', name, query, body });
      stored.push(String(headers['etag'] ?? ''));
    }
    const list = stored.map((etag, at) => `<Part><PartNumber>${at + 1}</PartNumber><ETag>${etag}</ETag></Part>`);
    const body = Buffer.from(`<CompleteMultipartUpload>${list.join('')}</CompleteMultipartUpload>`);
    const done = await requests.send({ method: 'POST', name, query: upload, body });
    // The status is sent before the parts are joined: an error may follow it.
    if (done.text.includes('<Error>')) throw replyError(address, done.status, done.text);
  } catch (error) {
    await requests.send({ method: 'DELETE', name, query: upload, accepts: [404] }).catch(() => undefined);
    throw error;
  }
}
