import type { Incoming, Outgoing, RequestIdentity, ServiceStyle } from './style.ts';

const ENCAPSULATION_BYTES = 4;

/** `cdds_request_header_t`: the client as an unsigned 64-bit number, then the number of the request as a signed one. */
const HEADER_BYTES = 16;

/** The second octet of every encapsulation identifier tells the byte order in its last bit (RTPS 2.5, 10.2.1.2). */
const isLittleEndian = (cdr: Uint8Array): boolean => (cdr[1] & 1) === 1;

/** rmw_cyclonedds: a header in front of the message, within the same payload and in the same byte order. */
export const cycloneStyle: ServiceStyle = {
  // Any number will do that no other client has: the end of a GUID is half random, half counted.
  clientName: (replyReader) => replyReader.slice(16),
  request: withHeader,
  readRequest: ({ payload }) => withoutHeader(payload),
  response: withHeader,
  readResponse: ({ payload }) => withoutHeader(payload),
};

function withHeader(cdr: Uint8Array, { client, sequenceNumber }: RequestIdentity): Outgoing {
  const payload = new Uint8Array(cdr.length + HEADER_BYTES);
  payload.set(cdr.subarray(0, ENCAPSULATION_BYTES));
  // Sixteen octets, so nothing behind them loses its alignment.
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
  // One beyond that could not be given back as it was; a client that counts from one never gets there.
  if (!Number.isSafeInteger(sequenceNumber)) return undefined;
  const cdr = new Uint8Array(payload.length - HEADER_BYTES);
  cdr.set(payload.subarray(0, ENCAPSULATION_BYTES));
  cdr.set(payload.subarray(ENCAPSULATION_BYTES + HEADER_BYTES), ENCAPSULATION_BYTES);
  return { cdr, identity: { client, sequenceNumber } };
}
