/** Message kinds: the octet at offset 5. */
export const KIND = { declaration: 1, state: 2 } as const;

/** "MKIN" as a little-endian number. */
export const MAGIC = 0x4e494b4d;
export const VERSION = 1;

/** Offsets of the header's members, and its size in octets. All numbers are little endian. */
export const HEADER = {
  magic: 0,
  version: 4,
  kind: 5,
  revision: 6,
  session: 8,
  sequence: 16,
  timeUs: 24,
  octets: 32,
} as const;

/** Offsets in the body of a state: its members, then its ports. */
export const STATE = { ports: 32, faults: 34, zero: 36, values: 40 } as const;

/**
 * Octets per port and per fault. A fault consists of its result, three zero octets, and its occurrences at offset 4.
 */
export const VALUE_BYTES = 8;
/** Octets of the authentication code at the end of each message: the first half of its HMAC-SHA256. */
export const MAC_BYTES = 16;
export const MAX_DECLARATION_BYTES = 60_000;
/** Maximum message size: a declaration of maximum length. */
export const MAX_MESSAGE_BYTES = HEADER.octets + MAX_DECLARATION_BYTES + MAC_BYTES;
