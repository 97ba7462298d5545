import { HOST_IS_LITTLE_ENDIAN, swapBytes } from './byte-order.ts';
import { ENCAPSULATION_BYTES } from './encapsulation.ts';

const INITIAL_BYTES = 256;

const utf8 = new TextEncoder();

type TypedArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | BigUint64Array
  | BigInt64Array
  | Float32Array
  | Float64Array;

/** Writes one XCDR1 payload, starting with its encapsulation header. Counterpart of `CdrReader`. */
export class CdrWriter {
  readonly #littleEndian: boolean;
  #bytes: Uint8Array;
  #view: DataView;
  #offset = ENCAPSULATION_BYTES;

  constructor({ littleEndian = true, initialBytes = INITIAL_BYTES } = {}) {
    this.#littleEndian = littleEndian;
    this.#bytes = new Uint8Array(Math.max(ENCAPSULATION_BYTES, initialBytes));
    this.#view = new DataView(this.#bytes.buffer);
    this.#bytes[1] = littleEndian ? 1 : 0;
  }

  /** Octets written so far, including the encapsulation header. */
  get length(): number {
    return this.#offset;
  }

  /** Returns the payload without copying it. The writer must not be used afterwards. */
  finish(): Uint8Array {
    return this.#bytes.subarray(0, this.#offset);
  }

  align(alignment: number): void {
    this.#take(0, alignment);
  }

  bool(value: boolean): void {
    this.uint8(value ? 1 : 0);
  }

  uint8(value: number): void {
    // Evaluated first, because it may replace the buffer.
    const at = this.#take(1, 1);
    this.#bytes[at] = value;
  }

  int8(value: number): void {
    this.uint8(value);
  }

  uint16(value: number): void {
    const at = this.#take(2, 2);
    this.#view.setUint16(at, value, this.#littleEndian);
  }

  int16(value: number): void {
    const at = this.#take(2, 2);
    this.#view.setInt16(at, value, this.#littleEndian);
  }

  uint32(value: number): void {
    const at = this.#take(4, 4);
    this.#view.setUint32(at, value, this.#littleEndian);
  }

  int32(value: number): void {
    const at = this.#take(4, 4);
    this.#view.setInt32(at, value, this.#littleEndian);
  }

  uint64(value: bigint): void {
    const at = this.#take(8, 8);
    this.#view.setBigUint64(at, value, this.#littleEndian);
  }

  int64(value: bigint): void {
    const at = this.#take(8, 8);
    this.#view.setBigInt64(at, value, this.#littleEndian);
  }

  float32(value: number): void {
    const at = this.#take(4, 4);
    this.#view.setFloat32(at, value, this.#littleEndian);
  }

  float64(value: number): void {
    const at = this.#take(8, 8);
    this.#view.setFloat64(at, value, this.#littleEndian);
  }

  /** UTF-8 with its uint32 length, which includes the terminating NUL. */
  string(value: string): void {
    const lengthAt = this.#take(4, 4);
    // A UTF-16 code unit takes at most three octets in UTF-8.
    this.#reserve(value.length * 3 + 1);
    const { written } = utf8.encodeInto(value, this.#bytes.subarray(this.#offset));
    this.#view.setUint32(lengthAt, written + 1, this.#littleEndian);
    this.#offset += written;
    this.uint8(0);
  }

  /** Writes the format that `CdrReader.wstring` reads: each UTF-16 code unit in four octets, no NUL. */
  wstring(value: string): void {
    this.uint32(value.length);
    for (let index = 0; index < value.length; index += 1) this.uint32(value.charCodeAt(index));
  }

  octets(value: Uint8Array): void {
    const start = this.#take(value.length, 1);
    this.#bytes.set(value, start);
  }

  /** Writes the elements of `values`, aligned to the element size, without a length. */
  array(values: TypedArray): void {
    if (values.length === 0) return;
    const start = this.#take(values.byteLength, values.BYTES_PER_ELEMENT);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), start);
    if (values.BYTES_PER_ELEMENT > 1 && this.#littleEndian !== HOST_IS_LITTLE_ENDIAN) {
      swapBytes(this.#bytes.subarray(start, start + values.byteLength), values.BYTES_PER_ELEMENT);
    }
  }

  #take(count: number, alignment: number): number {
    const start = this.#offset + ((ENCAPSULATION_BYTES - this.#offset) & (alignment - 1));
    this.#reserve(start - this.#offset + count);
    // A reused part of the buffer may contain data of an earlier encoding.
    if (start !== this.#offset) this.#bytes.fill(0, this.#offset, start);
    this.#offset = start + count;
    return start;
  }

  #reserve(count: number): void {
    const needed = this.#offset + count;
    if (needed <= this.#bytes.length) return;
    const grown = new Uint8Array(Math.max(needed, this.#bytes.length * 2));
    grown.set(this.#bytes.subarray(0, this.#offset));
    this.#bytes = grown;
    this.#view = new DataView(grown.buffer);
  }
}
