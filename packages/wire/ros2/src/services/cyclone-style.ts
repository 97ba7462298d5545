import type { Incoming, Outgoing, RequestIdentity, ServiceStyle } from './style.ts';

const ENCAPSULATION_BYTES = 4;

/** Size of `cdds_request_header_t`: the client as uint64, then the request number as int64. */
const HEADER_BYTES = 16;

/** The last bit of the second octet of an encapsulation identifier is the byte order (RTPS 2.5, 10.2.1.2). */
const isLittleEndian = (cdr: Uint8Array): boolean => (cdr[1] & 1) === 1;

/** rmw_cyclonedds: a header precedes the message, in the same payload and byte order. */
export const cycloneStyle: ServiceStyle = {
  // Any number unique among the clients. The end of a GUID is half random, half counter.
  clientName: (replyReader) => replyReader.slice(16),
  request: withHeader,
  readRequest: ({ payload }) => withoutHeader(payload),
  response: withHeader,
  readResponse: ({ payload }) => withoutHeader(payload),
};

function withHeader(cdr: Uint8Array, { client, sequenceNumber }: RequestIdentity): Outgoing {
  const payload = new Uint8Array(cdr.length + HEADER_BYTES);
  payload.set(cdr.subarray(0, ENCAPSULATION_BYTES));
  // Sixteen octets, so the alignment of the data after them does not change.
  payload.set(cdr.subarray(ENCAPSULATION_BYTES), ENCAPSULATION_BYTES + HEADER_BYTES);
  const view = new DataView(payload.buffer);
  const littleEndian = isLittleEndian(cdr);
  view.setBigUint64(ENCAPSULATION_BYTES, BigInt(`0x${client}`), littleEndian);
  view.setBigInt64(ENCAPSULATION_BYTES + 8, BigInt(sequenceNumber), littleEndian);
  return { payload };
}

function withoutHeader(payload: Uint8Array): Incoming | undefined {
  if (payload.length < ENCAPSULATION_BYTES + HEADER_BYTES) return undefined;
  const view = new DataView(payload.buffer, payload.byteOffset, payload.length);
  const littleEndian = isLittleEndian(payload);
  const client = view.getBigUint64(ENCAPSULATION_BYTES, littleEndian).toString(16).padStart(16, '0');
  const sequenceNumber = Number(view.getBigInt64(ENCAPSULATION_BYTES + 8, littleEndian));
  // A larger number could not be returned exactly. A client that counts from one never reaches it.
  if (!Number.isSafeInteger(sequenceNumber)) return undefined;
  const cdr = new Uint8Array(payload.length - HEADER_BYTES);
  cdr.set(payload.subarray(0, ENCAPSULATION_BYTES));
  cdr.set(payload.subarray(ENCAPSULATION_BYTES + HEADER_BYTES), ENCAPSULATION_BYTES);
  return { cdr, identity: { client, sequenceNumber } };
}
