import type { Guid, GuidPrefix } from '../model/guid.ts';
import { readUint32, writeUint32BigEndian } from './octets.ts';

export const PREFIX_BYTES = 12;
export const GUID_BYTES = 16;

const HEX = Array.from({ length: 256 }, (_, octet) => octet.toString(16).padStart(2, '0'));

/** `count` octets from `at` as lower-case hex. */
export function hexOf(bytes: Uint8Array, at: number, count: number): string {
  let text = '';
  for (let index = at; index < at + count; index += 1) text += HEX[bytes[index]];
  return text;
}

/** Returns the octets of a GUID or prefix. Throws if the text is not lower-case hex of even length. */
export function octetsOf(hex: Guid | GuidPrefix): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/.test(hex)) throw new TypeError(`expected lower-case hex, found "${hex}"`);
  const bytes = new Uint8Array(hex.length / 2);
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = Number.parseInt(hex.substr(index * 2, 2), 16);
  return bytes;
}

/** Returns whether the prefix at offset `at` of a datagram equals `prefix`. */
export function isPrefixAt(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  // Compares from the end, because the first octets (vendor and host) are often equal.
  for (let index = PREFIX_BYTES - 1; index >= 0; index -= 1) {
    if (bytes[at + index] !== prefix[index]) return false;
  }
  return true;
}

/** Reads an entity id (RTPS 2.5, 9.3.1.2) as one number, octets in wire order. */
export function readEntityId(bytes: Uint8Array, at: number): number {
  return readUint32(bytes, at, false);
}

export function guidOf(prefix: GuidPrefix, entityId: number): Guid {
  return prefix + entityId.toString(16).padStart(8, '0');
}

/** Returns the entity id of a GUID: its last four octets. */
export function entityIdOf(guid: Guid): number {
  return Number.parseInt(guid.slice(24), 16);
}

export function writeGuid(bytes: Uint8Array, at: number, guid: Guid): void {
  bytes.set(octetsOf(guid.slice(0, 24)), at);
  writeUint32BigEndian(bytes, at + PREFIX_BYTES, entityIdOf(guid));
}
