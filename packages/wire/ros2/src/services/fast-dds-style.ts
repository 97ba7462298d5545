import { type Guid, prefixOf } from '@medkit/rtps';
import type { ServiceStyle } from './style.ts';

/** The number of a request is that of its sample; its related identity has none. */
const UNKNOWN_NUMBER = -1;

const UNKNOWN_GUID: Guid = '0'.repeat(32);

/**
 * rmw_fastrtps: the payload is the message only, its identity is inline QoS. A request names the reader of the
 * response, or nothing, and is then identified by its writer. The response has the same identity, with the number of
 * the request's sample.
 */
export const fastDdsStyle: ServiceStyle = {
  clientName: (replyReader) => replyReader,
  request: (cdr, { client }) => ({
    payload: cdr,
    relatedIdentity: { guid: client, sequenceNumber: UNKNOWN_NUMBER },
  }),
  readRequest({ payload, writer, relatedIdentity, sequenceNumber }) {
    const named = relatedIdentity?.guid ?? UNKNOWN_GUID;
    const client = named === UNKNOWN_GUID ? writer.guid : named;
    // Prevents a client from directing a response to another participant.
    if (prefixOf(client) !== prefixOf(writer.guid)) return undefined;
    return { cdr: plain(payload), identity: { client, sequenceNumber } };
  },
  response: (cdr, { client, sequenceNumber }) => ({
    payload: cdr,
    relatedIdentity: { guid: client, sequenceNumber },
  }),
  readResponse({ payload, relatedIdentity }) {
    if (!relatedIdentity) return undefined;
    const { guid, sequenceNumber } = relatedIdentity;
    return { cdr: plain(payload), identity: { client: guid, sequenceNumber } };
  },
};

/** The payload from a socket is a Buffer, whose `slice` does not copy. */
const plain = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array => new Uint8Array(buffer, byteOffset, length);
