import { MAX_CHUNK_BYTES, MAX_CHUNKS, MAX_MESSAGE_BYTES, MAX_TEXT } from './bounds.ts';
import { PlcError } from './plc-error.ts';

/** Octets in front of each chunk: three of its kind, one whether it is the last, four of its length (OPC 10000-6, 7.1.2.2). */
export const CHUNK_HEADER_BYTES = 8;
/** The least that both sides take (OPC 10000-6, 7.1.2.3). */
const MIN_BUFFER_BYTES = 8192;
const ACKNOWLEDGE_BYTES = 28;
/** Messages in parts are those of `MSG` alone: one that begins otherwise could have been begun by somebody else (OPC 10000-6, 6.7.2.2). */
const KINDS: ReadonlySet<string> = new Set(['ACKF', 'ERRF', 'MSGF', 'MSGC', 'MSGA', 'OPNF', 'CLOF']);

/** What a server can take and sends, as it acknowledged it (OPC 10000-6, 7.1.2.4). */
export interface Acknowledged {
  readonly protocolVersion: number;
  /** The largest chunk that it takes, and that it sends, octets. */
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  /** 0 where it sets no limit. */
  readonly maxMessageSize: number;
  readonly maxChunkCount: number;
}

/** The first message to a server: what is taken here (OPC 10000-6, 7.1.2.3). */
export function encodeHello(endpointUrl: string): Buffer {
  const url = Buffer.from(endpointUrl, 'utf8');
  const message = Buffer.alloc(CHUNK_HEADER_BYTES + 24 + url.length);
  message.write('HELF', 0, 'latin1');
  const fields = [message.length, 0, MAX_CHUNK_BYTES, MAX_CHUNK_BYTES, MAX_MESSAGE_BYTES, MAX_CHUNKS, url.length];
  fields.forEach((field, index) => void message.writeUInt32LE(field, 4 + 4 * index));
  url.copy(message, CHUNK_HEADER_BYTES + 24);
  return message;
}

/** Throws `PlcError` for an answer to a hello that is no acknowledgement, or one that says nonsense. */
export function decodeAcknowledge(chunk: Buffer, nameOf: NameOfStatus): Acknowledged {
  const kind = chunk.toString('latin1', 0, 4);
  if (kind === 'ERRF') throw decodeError(chunk, nameOf);
  if (kind !== 'ACKF' || chunk.length < ACKNOWLEDGE_BYTES) {
    throw new PlcError(`expected an acknowledgement of ${ACKNOWLEDGE_BYTES} octets, found ${kind} of ${chunk.length}`);
  }
  const field = (index: number) => chunk.readUInt32LE(CHUNK_HEADER_BYTES + 4 * index);
  const [protocolVersion, receiveBufferSize, sendBufferSize] = [field(0), field(1), field(2)];
  if (receiveBufferSize < MIN_BUFFER_BYTES || sendBufferSize < MIN_BUFFER_BYTES || sendBufferSize > MAX_CHUNK_BYTES) {
    throw new PlcError(
      `expected chunks of ${MIN_BUFFER_BYTES} to ${MAX_CHUNK_BYTES} octets, found ${receiveBufferSize} to it and ${sendBufferSize} from it`,
    );
  }
  return {
    protocolVersion,
    receiveBufferSize: Math.min(receiveBufferSize, MAX_CHUNK_BYTES),
    sendBufferSize,
    maxMessageSize: field(3),
    maxChunkCount: field(4),
  };
}

/** What OPC UA calls a status code. */
export type NameOfStatus = (code: number) => string;

/** What an error message of the transport says (OPC 10000-6, 7.1.2.5). */
export function decodeError(chunk: Buffer, nameOf: NameOfStatus): PlcError {
  if (chunk.length < CHUNK_HEADER_BYTES + 8)
    return new PlcError('it ended the connection with an error that it does not name');
  const status = nameOf(chunk.readUInt32LE(CHUNK_HEADER_BYTES));
  const length = Math.min(Math.max(0, chunk.readInt32LE(CHUNK_HEADER_BYTES + 4)), MAX_TEXT);
  const reason = chunk.toString('utf8', CHUNK_HEADER_BYTES + 8, CHUNK_HEADER_BYTES + 8 + length);
  const says = reason === '' ? status : reason.includes(status) ? reason : `${status}: ${reason}`;
  return new PlcError(`it ended the connection: ${says}`, status);
}

/** Puts the octets of a connection together to chunks. It keeps less than one chunk. */
export class ChunkReader {
  #left: Buffer = Buffer.alloc(0);

  /** The whole chunks that there are now. Throws `PlcError` for what is no chunk of OPC UA; the connection is of no use then. */
  *take(octets: Buffer): Generator<Buffer> {
    let rest = this.#left.length === 0 ? octets : Buffer.concat([this.#left, octets]);
    this.#left = Buffer.alloc(0);
    while (rest.length >= CHUNK_HEADER_BYTES) {
      const length = checkedLength(rest);
      if (rest.length < length) break;
      const chunk = rest.subarray(0, length);
      rest = rest.subarray(length);
      yield chunk;
    }
    this.#left = rest;
  }
}

function checkedLength(header: Buffer): number {
  const kind = header.toString('latin1', 0, 4);
  if (!KINDS.has(kind))
    throw new PlcError(`expected a chunk of OPC UA, found one that begins with ${JSON.stringify(kind)}`);
  const length = header.readUInt32LE(4);
  if (length < CHUNK_HEADER_BYTES || length > MAX_CHUNK_BYTES) {
    throw new PlcError(
      `expected a chunk of ${CHUNK_HEADER_BYTES} to ${MAX_CHUNK_BYTES} octets, found one of ${length}`,
    );
  }
  return length;
}
