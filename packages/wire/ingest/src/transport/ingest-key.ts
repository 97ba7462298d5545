import type { IngestAddress } from './ingest-address.ts';

const KEY = /^[0-9a-f]{64}$/i;
const REMEDY = 'make one with: openssl rand -hex 32';

/**
 * Parses the text of a key file: 64 hexadecimal digits for 32 octets. Throws, with instructions, if it is anything
 * else.
 */
export function readIngestKey(text: string): Uint8Array {
  const digits = text.trim();
  // The message does not contain the text, which may be a key with one digit too many.
  if (!KEY.test(digits)) throw new Error(`a key has 64 hexadecimal digits; ${REMEDY}`);
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

/**
 * Returns why a receiver must not listen at this address without a key, or `undefined` if it may. File permissions
 * protect a Unix socket, but every program on the machine can send to a port.
 */
export function missingKeyProblem(address: IngestAddress, key: Uint8Array | undefined): string | undefined {
  if (address.kind === 'unix' || key !== undefined) return undefined;
  return `udp:${address.host}:${address.port} needs a key, because every program on this machine can send to it: ${REMEDY}, or use a unix: address`;
}
