import { SovdError } from '@medkit/contract';
import type { ArtifactPart } from '@medkit/updates';
import type { Exchange } from '../http/exchange.ts';

const SHA256 = /^[0-9a-f]{64}$/i;
/** RFC 9110, 14.4: a part of a file of known size, or `*` for none of it. */
const CONTENT_RANGE = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/;

/** Returns the part of an artifact that a request sends. Throws `invalid-parameter` if digest or range are invalid. */
export function artifactPart({ query, headers, bytes }: Pick<Exchange, 'query' | 'headers' | 'bytes'>): ArtifactPart {
  const { sha256 = '' } = query;
  if (!SHA256.test(sha256)) {
    throw invalid('sha256', sha256, 'sha256 must be the SHA-256 of the whole archive, 64 hexadecimal digits');
  }
  const digest = sha256.toLowerCase();
  const range = headers['content-range'];
  if (range === undefined) {
    const total = Number(headers['content-length'] ?? 0);
    if (total === 0) {
      const message =
        'Send the archive with Content-Length, or a part of it with Content-Range: bytes <first>-<last>/<size>';
      throw new SovdError({ code: 'invalid-request', message });
    }
    return { sha256: digest, total, bytes: { first: 0, last: total - 1, isRestart: true, chunks: bytes() } };
  }
  const [, first, last, size] = CONTENT_RANGE.exec(String(range)) ?? [];
  const total = Number(size);
  if (!(total > 0) || Number(last) >= total || Number(first) > Number(last)) {
    const form = 'bytes <first>-<last>/<size>, or bytes */<size>';
    throw invalid('Content-Range', String(range), `Content-Range must have the form ${form}`);
  }
  if (first === undefined) return { sha256: digest, total };
  const part = { first: Number(first), last: Number(last), isRestart: false, chunks: bytes() };
  return { sha256: digest, total, bytes: part };
}

function invalid(parameter: string, value: string, message: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message,
    parameters: { parameter, value: value.slice(0, 200) },
  });
}
