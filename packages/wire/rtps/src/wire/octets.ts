// Number access at an offset, with plain arithmetic: a DataView would be one more object per datagram. Callers check
// the bounds.

const TWO_32 = 2 ** 32;

export function readUint16(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian ? bytes[at] | (bytes[at + 1] << 8) : (bytes[at] << 8) | bytes[at + 1];
}

export function readInt32(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return littleEndian
    ? bytes[at] | (bytes[at + 1] << 8) | (bytes[at + 2] << 16) | (bytes[at + 3] << 24)
    : (bytes[at] << 24) | (bytes[at + 1] << 16) | (bytes[at + 2] << 8) | bytes[at + 3];
}

export function readUint32(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return readInt32(bytes, at, littleEndian) >>> 0;
}

/** SequenceNumber_t (RTPS 2.5, 9.4.2.6): int32 high, uint32 low. The unknown number {-1, 0} is negative. */
export function readSequenceNumber(bytes: Uint8Array, at: number, littleEndian: boolean): number {
  return readInt32(bytes, at, littleEndian) * TWO_32 + readUint32(bytes, at + 4, littleEndian);
}

/** All output is little endian, as on nearly every receiver. */
export function writeUint16(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
}

export function writeUint32(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value;
  bytes[at + 1] = value >>> 8;
  bytes[at + 2] = value >>> 16;
  bytes[at + 3] = value >>> 24;
}

/** For entity ids and other values whose octets are in wire order. */
export function writeUint32BigEndian(bytes: Uint8Array, at: number, value: number): void {
  bytes[at] = value >>> 24;
  bytes[at + 1] = value >>> 16;
  bytes[at + 2] = value >>> 8;
  bytes[at + 3] = value;
}

export function writeSequenceNumber(bytes: Uint8Array, at: number, value: number): void {
  writeUint32(bytes, at, value < 0 ? 0xffff_ffff : Math.floor(value / TWO_32));
  writeUint32(bytes, at + 4, value < 0 ? 0 : value % TWO_32);
}
