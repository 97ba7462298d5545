import type { IngestAddress } from './ingest-address.ts';

const KEY = /^[0-9a-f]{64}$/i;
const REMEDY = 'make one with: openssl rand -hex 32';

/** Reads the text of a key file: 64 hexadecimal digits, for 32 octets. Throws, with the remedy, where it is anything else. */
export function readIngestKey(text: string): Uint8Array {
  const digits = text.trim();
  // What is found is not told: it may be a key with one digit too many.
  if (!KEY.test(digits)) throw new Error(`a key has 64 hexadecimal digits; ${REMEDY}`);
  return Uint8Array.from({ length: 32 }, (_, index) => Number.parseInt(digits.slice(2 * index, 2 * index + 2), 16));
}

/**
 * Why no receiver may listen at this address without a key; `undefined` where it may, or has one. The file system says who may
 * connect to a Unix socket, and nothing says who may send to a port.
 */
export function missingKeyProblem(address: IngestAddress, key: Uint8Array | undefined): string | undefined {
  if (address.kind === 'unix' || key !== undefined) return undefined;
  return `udp:${address.host}:${address.port} needs a key, as every program of this machine can send to it: ${REMEDY}, or use a unix: address`;
}
