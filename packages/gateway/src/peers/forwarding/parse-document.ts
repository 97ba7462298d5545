import { SovdError } from '@medkit/contract';
import { errorMessage, type ForwardReply, type JsonValue, parseJson, stringifyJson } from '@medkit/core';
import { partsOf } from '../../http/json-parts.ts';

/** Maximum bytes of a peer's document that is parsed here; a document that is only forwarded may have any size. */
export const MAX_DOCUMENT_BYTES = 10_485_760;

/**
 * Maximum lists, objects and members of a peer's document: some 56 MB of heap. 10,000 entities or faults have 400,000
 * at most.
 */
export const MAX_DOCUMENT_PARTS = 1_000_000;
/** A document with at most this many bytes cannot have more parts. */
const SMALL_BYTES = 1_000_000;

/**
 * Parses the JSON of a reply of at most `maxBytes`. Throws `x-medkit-peer-unavailable` if it is not JSON, is too long,
 * has too many parts, or breaks off.
 */
export async function parseDocument(
  { octets, body, close }: ForwardReply,
  maxBytes = MAX_DOCUMENT_BYTES,
): Promise<JsonValue> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of octets ? [octets] : body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) throw new RangeError(`it has more than ${maxBytes} bytes`);
    }
    const bytes = Buffer.concat(chunks, length);
    if (length > SMALL_BYTES && partsOf(bytes, MAX_DOCUMENT_PARTS) > MAX_DOCUMENT_PARTS) {
      throw new RangeError(`it has more than ${MAX_DOCUMENT_PARTS} lists, objects and members`);
    }
    return parseJson(bytes.toString());
  } catch (error) {
    close();
    const message = `The document of another gateway cannot be read: ${errorMessage(error)}`;
    throw new SovdError({ code: 'x-medkit-peer-unavailable', message });
  }
}

/** Returns a reply with another document as its body. */
export function withDocument(reply: Omit<ForwardReply, 'body' | 'octets'>, document: JsonValue): ForwardReply {
  const octets = Buffer.from(stringifyJson(document));
  return {
    ...reply,
    headers: { ...reply.headers, 'content-length': String(octets.length) },
    octets,
    body: inOnePart(octets),
  };
}

async function* inOnePart(octets: Uint8Array): AsyncIterable<Uint8Array> {
  yield octets;
}
