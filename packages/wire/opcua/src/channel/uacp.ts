import { MAX_CHUNK_BYTES, MAX_CHUNKS, MAX_MESSAGE_BYTES, MAX_TEXT } from '../bounds.ts';
import { PlcError } from '../plc-error.ts';

/** Bytes before each chunk: three for its type, one for its position, four for its length (OPC 10000-6, 7.1.2.2). */
const CHUNK_HEADER_BYTES = 8;
/** Minimum buffer size of both sides (OPC 10000-6, 7.1.2.3). */
const MIN_BUFFER_BYTES = 8192;
const ACKNOWLEDGE_BYTES = 28;
/**
 * Only `MSG` messages may have several chunks: the first chunk of another type could come from a different sender (OPC
 * 10000-6, 6.7.2.2).
 */
const KINDS: ReadonlySet<string> = new Set(['ACKF', 'ERRF', 'MSGF', 'MSGC', 'MSGA', 'OPNF', 'CLOF']);

/** The limits of a server in its acknowledgement (OPC 10000-6, 7.1.2.4). */
export interface Acknowledged {
  readonly protocolVersion: number;
  /** Maximum chunk sizes that it receives and sends, in bytes. */
  readonly receiveBufferSize: number;
  readonly sendBufferSize: number;
  /** 0 means no limit. */
  readonly maxMessageSize: number;
  readonly maxChunkCount: number;
}

/** Encodes the first message to a server, with the limits of this side (OPC 10000-6, 7.1.2.3). */
export function encodeHello(endpointUrl: string): Buffer {
  const url = Buffer.from(endpointUrl, 'utf8');
  const message = Buffer.alloc(CHUNK_HEADER_BYTES + 24 + url.length);
  message.write('HELF', 0, 'latin1');
  const fields = [message.length, 0, MAX_CHUNK_BYTES, MAX_CHUNK_BYTES, MAX_MESSAGE_BYTES, MAX_CHUNKS, url.length];
  fields.forEach((field, index) => void message.writeUInt32LE(field, 4 + 4 * index));
  url.copy(message, CHUNK_HEADER_BYTES + 24);
  return message;
}

/** Parses the answer to a hello. Throws `PlcError` if it is not a valid acknowledgement. */
export function decodeAcknowledge(chunk: Buffer, nameOf: NameOfStatus): Acknowledged {
  const kind = chunk.toString('latin1', 0, 4);
  if (kind === 'ERRF') throw decodeError(chunk, nameOf);
  if (kind !== 'ACKF' || chunk.length < ACKNOWLEDGE_BYTES) {
    throw new PlcError(`expected an acknowledgement of ${ACKNOWLEDGE_BYTES} bytes, found ${kind} of ${chunk.length}`);
  }
  const field = (index: number) => chunk.readUInt32LE(CHUNK_HEADER_BYTES + 4 * index);
  const [protocolVersion, receiveBufferSize, sendBufferSize] = [field(0), field(1), field(2)];
  if (receiveBufferSize < MIN_BUFFER_BYTES || sendBufferSize < MIN_BUFFER_BYTES || sendBufferSize > MAX_CHUNK_BYTES) {
    throw new PlcError(
      `expected chunks of ${MIN_BUFFER_BYTES} to ${MAX_CHUNK_BYTES} bytes, found ${receiveBufferSize} to it and ${sendBufferSize} from it`,
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

/** Returns the name of a status code. */
export type NameOfStatus = (code: number) => string;

/** Parses an error message of the transport (OPC 10000-6, 7.1.2.5). */
export function decodeError(chunk: Buffer, nameOf: NameOfStatus): PlcError {
  if (chunk.length < CHUNK_HEADER_BYTES + 8) return new PlcError('it ended the connection with an unnamed error');
  const status = nameOf(chunk.readUInt32LE(CHUNK_HEADER_BYTES));
  const length = Math.min(Math.max(0, chunk.readInt32LE(CHUNK_HEADER_BYTES + 4)), MAX_TEXT);
  const reason = chunk.toString('utf8', CHUNK_HEADER_BYTES + 8, CHUNK_HEADER_BYTES + 8 + length);
  const says = reason === '' ? status : reason.includes(status) ? reason : `${status}: ${reason}`;
  return new PlcError(`the server ended the connection: ${says}`, status);
}

/** Splits the bytes of a connection into chunks. Buffers less than one chunk. */
export class ChunkReader {
  #left: Buffer = Buffer.alloc(0);

  /** Yields the complete chunks. Throws `PlcError` for invalid data, after which the connection must be closed. */
  *take(bytes: Buffer): Generator<Buffer> {
    let rest = this.#left.length === 0 ? bytes : Buffer.concat([this.#left, bytes]);
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
    throw new PlcError(`expected an OPC UA chunk, received data that begins with ${JSON.stringify(kind)}`);
  const length = header.readUInt32LE(4);
  if (length < CHUNK_HEADER_BYTES || length > MAX_CHUNK_BYTES) {
    throw new PlcError(`expected a chunk of ${CHUNK_HEADER_BYTES} to ${MAX_CHUNK_BYTES} bytes, found one of ${length}`);
  }
  return length;
}
