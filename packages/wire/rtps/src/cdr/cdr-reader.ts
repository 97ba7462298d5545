import { HOST_IS_LITTLE_ENDIAN, swapBytes } from './byte-order.ts';
import { decodeEncapsulation, ENCAPSULATION_BYTES, MalformedCdr } from './encapsulation.ts';

interface NumberArray<T> {
  new (buffer: ArrayBufferLike, byteOffset: number, length: number): T;
  readonly BYTES_PER_ELEMENT: number;
}

/** `ignoreBOM` preserves a leading U+FEFF, which is an ordinary character of the string. */
const utf8 = new TextDecoder('utf-8', { ignoreBOM: true });

/** Length up to which a loop over ASCII is faster than the decoder. */
const SHORT_STRING_BYTES = 32;

/** Arguments of `String.fromCharCode` per call, small enough for the stack. */
const CHARACTERS_PER_CALL = 4096;

/**
 * A bounds-checked cursor over one serialised payload (XCDR1, and plain XCDR2). Byte order and alignment follow from
 * the encapsulation header. Every read aligns first and throws `MalformedCdr` if it would pass the end.
 */
export class CdrReader {
  readonly littleEndian: boolean;
  readonly #maxAlignment: number;
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  readonly #end: number;
  #offset = ENCAPSULATION_BYTES;

  /** `bytes` starts with the encapsulation header. Blocks returned by the reader may be views of it. */
  constructor(bytes: Uint8Array) {
    const { littleEndian, maxAlignment } = decodeEncapsulation(bytes);
    this.littleEndian = littleEndian;
    this.#maxAlignment = maxAlignment;
    this.#bytes = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.length);
    // XTypes 1.3, 7.6.3.1.2: the last two bits of the options are the number of padding octets at the end.
    this.#end = Math.max(ENCAPSULATION_BYTES, bytes.length - (bytes[3] & 3));
  }

  /** Octets not yet read. */
  get remaining(): number {
    return this.#end - this.#offset;
  }

  /** Skips to the next multiple of `alignment` octets, counted from the end of the encapsulation header. */
  align(alignment: number): void {
    this.#take(0, alignment);
  }

  skip(count: number): void {
    this.#take(count, 1);
  }

  bool(): boolean {
    return this.#bytes[this.#take(1, 1)] !== 0;
  }

  uint8(): number {
    return this.#bytes[this.#take(1, 1)];
  }

  int8(): number {
    return this.#view.getInt8(this.#take(1, 1));
  }

  uint16(): number {
    return this.#view.getUint16(this.#take(2, 2), this.littleEndian);
  }

  int16(): number {
    return this.#view.getInt16(this.#take(2, 2), this.littleEndian);
  }

  uint32(): number {
    return this.#view.getUint32(this.#take(4, 4), this.littleEndian);
  }

  int32(): number {
    return this.#view.getInt32(this.#take(4, 4), this.littleEndian);
  }

  uint64(): bigint {
    return this.#view.getBigUint64(this.#take(8, 8), this.littleEndian);
  }

  int64(): bigint {
    return this.#view.getBigInt64(this.#take(8, 8), this.littleEndian);
  }

  float32(): number {
    return this.#view.getFloat32(this.#take(4, 4), this.littleEndian);
  }

  float64(): number {
    return this.#view.getFloat64(this.#take(8, 8), this.littleEndian);
  }

  /** A UTF-8 string with its uint32 length. The terminating NUL may be missing, because some writers omit it. */
  string(): string {
    const length = this.uint32();
    const start = this.#take(length, 1);
    const end = length > 0 && this.#bytes[start + length - 1] === 0 ? start + length - 1 : start + length;
    if (end - start > SHORT_STRING_BYTES) return utf8.decode(this.#bytes.subarray(start, end));
    let text = '';
    for (let at = start; at < end; at += 1) {
      const octet = this.#bytes[at];
      if (octet > 0x7f) return utf8.decode(this.#bytes.subarray(start, end));
      text += String.fromCharCode(octet);
    }
    return text;
  }

  /**
   * A wide string in the format of both ROS 2 middlewares on Linux: uint32 count, then each UTF-16 code unit in four
   * octets, no NUL. Larger values become U+FFFD.
   */
  wstring(): string {
    const units = this.uint32Array(this.sequenceLength(4));
    let text = '';
    for (let start = 0; start < units.length; start += CHARACTERS_PER_CALL) {
      const chunk = Array.from(units.subarray(start, start + CHARACTERS_PER_CALL), (unit) =>
        unit > 0xffff ? 0xfffd : unit,
      );
      text += String.fromCharCode(...chunk);
    }
    return text;
  }

  /**
   * Reads the uint32 length of a sequence. Throws if that many elements of `elementBytes`, their minimum size, would
   * pass the end.
   */
  sequenceLength(elementBytes: number): number {
    const length = this.uint32();
    if (length * elementBytes > this.remaining) {
      throw new MalformedCdr(`a sequence of ${length} elements does not fit into ${this.remaining} octets`);
    }
    return length;
  }

  /** Returns a view of `count` octets. */
  octets(count: number): Uint8Array {
    const start = this.#take(count, 1);
    return this.#bytes.subarray(start, start + count);
  }

  uint8Array(count: number): Uint8Array {
    return this.#block(Uint8Array, count);
  }

  int8Array(count: number): Int8Array {
    return this.#block(Int8Array, count);
  }

  uint16Array(count: number): Uint16Array {
    return this.#block(Uint16Array, count);
  }

  int16Array(count: number): Int16Array {
    return this.#block(Int16Array, count);
  }

  uint32Array(count: number): Uint32Array {
    return this.#block(Uint32Array, count);
  }

  int32Array(count: number): Int32Array {
    return this.#block(Int32Array, count);
  }

  uint64Array(count: number): BigUint64Array {
    return this.#block(BigUint64Array, count);
  }

  int64Array(count: number): BigInt64Array {
    return this.#block(BigInt64Array, count);
  }

  float32Array(count: number): Float32Array {
    return this.#block(Float32Array, count);
  }

  float64Array(count: number): Float64Array {
    return this.#block(Float64Array, count);
  }

  /** Returns a view if byte order and alignment allow it, otherwise a copy. */
  #block<T>(ArrayType: NumberArray<T>, count: number): T {
    const width = ArrayType.BYTES_PER_ELEMENT;
    // An empty sequence has no element to align.
    const start = count === 0 ? this.#offset : this.#take(count * width, width);
    const address = this.#bytes.byteOffset + start;
    const swapped = width > 1 && this.littleEndian !== HOST_IS_LITTLE_ENDIAN;
    if (!swapped && address % width === 0) return new ArrayType(this.#bytes.buffer, address, count);
    const copy = new Uint8Array(count * width);
    copy.set(this.#bytes.subarray(start, start + copy.length));
    if (swapped) swapBytes(copy, width);
    return new ArrayType(copy.buffer, 0, count);
  }

  /** Aligns, checks the bounds and advances. Returns the offset at which the `count` octets start. */
  #take(count: number, alignment: number): number {
    const step = alignment > this.#maxAlignment ? this.#maxAlignment : alignment;
    const start = this.#offset + ((ENCAPSULATION_BYTES - this.#offset) & (step - 1));
    if (!(count >= 0 && start + count <= this.#end)) {
      throw new MalformedCdr(`expected ${count} octets at ${start}, found ${Math.max(0, this.#end - start)}`);
    }
    this.#offset = start + count;
    return start;
  }
}
