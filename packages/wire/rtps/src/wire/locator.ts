import type { SocketAddress } from '@medkit/edges';
import { readInt32, readUint32, writeUint32 } from './octets.ts';

/** Locator_t (RTPS 2.5, 9.3.2.4): kind, port, 16 octets of address. */
export const LOCATOR_BYTES = 24;
const LOCATOR_KIND_UDPV4 = 1;

/**
 * Returns the UDPv4 address of a locator. Returns `undefined` for other kinds (IPv6, shared memory, TCP) and for
 * invalid ports.
 */
export function decodeLocator(bytes: Uint8Array, at: number, littleEndian: boolean): SocketAddress | undefined {
  if (readInt32(bytes, at, littleEndian) !== LOCATOR_KIND_UDPV4) return undefined;
  const port = readUint32(bytes, at + 4, littleEndian);
  if (port === 0 || port > 65_535) return undefined;
  return { address: bytes.subarray(at + 20, at + 24).join('.'), port };
}

export function encodeLocator({ address, port }: SocketAddress): Uint8Array {
  const bytes = new Uint8Array(LOCATOR_BYTES);
  writeUint32(bytes, 0, LOCATOR_KIND_UDPV4);
  writeUint32(bytes, 4, port);
  bytes.set(address.split('.').map(Number), 20);
  return bytes;
}
