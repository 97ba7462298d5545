import { SovdError } from '@medkit/contract';
import { type ForwardReply, type JsonValue, parseJson, reasonOf, stringifyJson } from '@medkit/core';

/** Octets of a document of another gateway that is read here; one that is only sent on may be of any size. */
export const MAX_DOCUMENT_BYTES = 10_485_760;

/** The JSON of a reply of at most `maxBytes`. Throws `x-medkit-peer-unavailable` where it is none, is too long, or breaks off. */
export async function documentOf(
  { octets, body, close }: ForwardReply,
  maxBytes = MAX_DOCUMENT_BYTES,
): Promise<JsonValue> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of octets ? [octets] : body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > maxBytes) throw new RangeError(`it has more than ${maxBytes} octets`);
    }
    return parseJson(Buffer.concat(chunks, length).toString());
  } catch (error) {
    close();
    const message = `The document of another gateway cannot be read: ${reasonOf(error)}`;
    throw new SovdError({ code: 'x-medkit-peer-unavailable', message });
  }
}

/** A reply with a document in the place of what it has. */
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
