import { SovdError, type UpdateArtifact } from '@medkit/contract';
import type { ArtifactPart } from '@medkit/updates';
import { Answer } from '../http/answer.ts';
import { type Exchange, UNCHANGED_NOTE } from '../http/exchange.ts';

const SHA256 = /^[0-9a-f]{64}$/i;
/** RFC 9110, 14.4: a part of a file of known size, or `*` for none of it. */
const CONTENT_RANGE = /^bytes (?:(\d{1,15})-(\d{1,15})|\*)\/(\d{1,15})$/;

type PartOfExchange = Pick<Exchange, 'query' | 'headers' | 'bytes' | 'principal'>;

/** Receives a part of an artifact. An artifact takes many requests: the audit log records that it is complete. */
export async function receivePart(
  exchange: PartOfExchange & Pick<Exchange, 'note'>,
  notes: Readonly<Record<string, string>>,
  receive: (part: ArtifactPart) => Promise<UpdateArtifact>,
): Promise<Answer<UpdateArtifact>> {
  const part = artifactPart(exchange);
  const artifact = await receive(part);
  exchange.note(artifact.complete ? { ...notes, sha256: part.sha256 } : { [UNCHANGED_NOTE]: '' });
  return new Answer(artifact.complete ? 200 : 202, artifact);
}

/** Returns the part of an artifact that a request sends. Throws `invalid-parameter` if digest or range are invalid. */
function artifactPart({ query, headers, bytes, principal }: PartOfExchange): ArtifactPart {
  const { sha256 = '' } = query;
  if (!SHA256.test(sha256)) {
    throw invalid('sha256', sha256, 'sha256 must be the SHA-256 of the whole archive, 64 hexadecimal digits');
  }
  const content = { sha256: sha256.toLowerCase(), by: principal.id };
  const range = headers['content-range'];
  if (range === undefined) {
    const total = Number(headers['content-length'] ?? 0);
    if (total === 0) {
      const message =
        'Send the archive with Content-Length, or a part of it with Content-Range: bytes <first>-<last>/<size>';
      throw new SovdError({ code: 'invalid-request', message });
    }
    return { ...content, total, bytes: { first: 0, last: total - 1, isRestart: true, chunks: bytes() } };
  }
  const [, first, last, size] = CONTENT_RANGE.exec(String(range)) ?? [];
  const total = Number(size);
  if (!(total > 0) || Number(last) >= total || Number(first) > Number(last)) {
    const form = 'bytes <first>-<last>/<size>, or bytes */<size>';
    throw invalid('Content-Range', String(range), `Content-Range must have the form ${form}`);
  }
  if (first === undefined) return { ...content, total };
  const part = { first: Number(first), last: Number(last), isRestart: false, chunks: bytes() };
  return { ...content, total, bytes: part };
}

function invalid(parameter: string, value: string, message: string): SovdError {
  return new SovdError({
    code: 'invalid-parameter',
    message,
    parameters: { parameter, value: value.slice(0, 200) },
  });
}
