import { SovdError } from '@medkit/contract';
import { type ForwardReply, type JsonValue, parseJson, reasonOf } from '@medkit/core';

/** Octets of a document of another gateway that is read here; one that is only sent on may be of any size. */
export const MAX_DOCUMENT_BYTES = 10_485_760;

/** The JSON of a reply. Throws `x-medkit-peer-unavailable` where it is none, is too long, or breaks off. */
export async function documentOf({ body, close }: ForwardReply): Promise<JsonValue> {
  const chunks: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of body) {
      chunks.push(chunk);
      length += chunk.length;
      if (length > MAX_DOCUMENT_BYTES) throw new RangeError(`it has more than ${MAX_DOCUMENT_BYTES} octets`);
    }
    return parseJson(Buffer.concat(chunks, length).toString());
  } catch (error) {
    close();
    const message = `The document of another gateway cannot be read: ${reasonOf(error)}`;
    throw new SovdError({ code: 'x-medkit-peer-unavailable', message });
  }
}
