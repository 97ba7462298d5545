import { MalformedMessage } from './malformed-message.ts';
import { readUint16, readUint32, writeUint16, writeUint32 } from './octets.ts';
import { PID_SENTINEL } from './parameter-ids.ts';

/** PID_PAD: padding, skipped. */
const PID_PAD = 0x0000;

/**
 * Maximum parameters: more than any participant sends. Each takes at least four octets, and the sample size is limited.
 */
const MAX_PARAMETERS = 4096;

const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });
const utf8Encoder = new TextEncoder();

/** The visited parameter. The same object is reused for all. */
export interface Parameter {
  id: number;
  /** Start and end offset of its value in `bytes`. */
  start: number;
  end: number;
}

/**
 * Calls `visit` for each parameter between `at` and `end` (RTPS 2.5, 9.4.2.11). Returns the offset after the sentinel.
 * A missing sentinel is accepted, because some writers omit it in key-only payloads.
 */
export function visitParameters(
  bytes: Uint8Array,
  at: number,
  end: number,
  littleEndian: boolean,
  visit: (parameter: Parameter) => void,
): number {
  const parameter: Parameter = { id: 0, start: 0, end: 0 };
  let offset = at;
  for (let count = 0; offset + 4 <= end; count += 1) {
    if (count === MAX_PARAMETERS) throw new MalformedMessage('parameter-count');
    parameter.id = readUint16(bytes, offset, littleEndian);
    const length = readUint16(bytes, offset + 2, littleEndian);
    offset += 4;
    if (parameter.id === PID_SENTINEL) return offset;
    if (offset + length > end) throw new MalformedMessage('parameter-length');
    parameter.start = offset;
    parameter.end = offset + length;
    if (parameter.id !== PID_PAD) visit(parameter);
    offset += length;
  }
  return offset;
}

/** A cursor over one parameter's value. Reads past its end throw `MalformedMessage`. */
export class ParameterValue {
  readonly #bytes: Uint8Array;
  readonly #start: number;
  readonly #end: number;
  readonly #littleEndian: boolean;
  #at: number;

  constructor(bytes: Uint8Array, { start, end }: Parameter, littleEndian: boolean) {
    this.#bytes = bytes;
    this.#start = start;
    this.#at = start;
    this.#end = end;
    this.#littleEndian = littleEndian;
  }

  uint32(): number {
    // Alignment is relative to the start of the value, which is itself aligned.
    this.#at = this.#start + ((this.#at - this.#start + 3) & ~3);
    return readUint32(this.#bytes, this.#take(4), this.#littleEndian);
  }

  uint16(): number {
    return readUint16(this.#bytes, this.#take(2), this.#littleEndian);
  }

  octets(count: number): Uint8Array {
    const at = this.#take(count);
    return this.#bytes.subarray(at, at + count);
  }

  octetSequence(): Uint8Array {
    return this.octets(this.uint32());
  }

  string(): string {
    const octets = this.octetSequence();
    return utf8.decode(octets.at(-1) === 0 ? octets.subarray(0, -1) : octets);
  }

  /** Reads a sequence length. Throws if that many elements of `elementBytes` would pass the end. */
  count(elementBytes: number): number {
    const count = this.uint32();
    if (count * elementBytes > this.#end - this.#at) throw new MalformedMessage('parameter-sequence');
    return count;
  }

  #take(count: number): number {
    const at = this.#at;
    if (at + count > this.#end) throw new MalformedMessage('parameter-value');
    this.#at = at + count;
    return at;
  }
}

/** Builds a parameter list, little endian. Values are padded to four octets as the list requires. */
export class ParameterListWriter {
  readonly #parts: Uint8Array[] = [];

  octets(id: number, value: Uint8Array): void {
    const part = new Uint8Array(4 + ((value.length + 3) & ~3));
    // The length field has 16 bits and must be a multiple of four.
    if (part.length - 4 > 0xfffc) throw new RangeError(`parameter 0x${id.toString(16)} has ${value.length} octets`);
    writeUint16(part, 0, id);
    writeUint16(part, 2, part.length - 4);
    part.set(value, 4);
    this.#parts.push(part);
  }

  words(id: number, ...values: readonly number[]): void {
    const bytes = new Uint8Array(values.length * 4);
    values.forEach((value, index) => {
      writeUint32(bytes, index * 4, value);
    });
    this.octets(id, bytes);
  }

  octetSequence(id: number, value: Uint8Array): void {
    this.octets(id, lengthPrefixed(value));
  }

  string(id: number, value: string): void {
    this.octets(id, encodeString(value));
  }

  /** Appends a sequence of values, each aligned to four octets. */
  sequence(id: number, count: number, values: readonly Uint8Array[]): void {
    const length = new Uint8Array(4);
    writeUint32(length, 0, count);
    this.octets(id, join([length, ...values.map(padded)]));
  }

  /** Returns the list with its sentinel, preceded by `head` (an encapsulation header, for a payload). */
  finish(head: Uint8Array = new Uint8Array(0)): Uint8Array {
    return join([head, ...this.#parts, Uint8Array.of(PID_SENTINEL, 0, 0, 0)]);
  }
}

/** Encodes a CDR string: uint32 length including the NUL, the octets, the NUL. */
export function encodeString(value: string): Uint8Array {
  const text = utf8Encoder.encode(value);
  const withNul = new Uint8Array(text.length + 1);
  withNul.set(text);
  return lengthPrefixed(withNul);
}

function lengthPrefixed(value: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(4 + value.length);
  writeUint32(bytes, 0, value.length);
  bytes.set(value, 4);
  return bytes;
}

function padded(value: Uint8Array): Uint8Array {
  if (value.length % 4 === 0) return value;
  const bytes = new Uint8Array((value.length + 3) & ~3);
  bytes.set(value);
  return bytes;
}

function join(parts: readonly Uint8Array[]): Uint8Array {
  const bytes = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}
