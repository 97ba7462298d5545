/** What a message is: the octet at offset 5. */
export const KIND = { declaration: 1, state: 2 } as const;

/** "MKIN" as a little-endian number. */
export const MAGIC = 0x4e494b4d;
export const VERSION = 1;

/** Octets of the header, and where each of its members begins. All numbers are little-endian. */
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

/** Where the members of the body of a state begin, and where its ports do. */
export const STATE = { ports: 32, faults: 34, zero: 36, values: 40 } as const;

/** Octets of one port, and of one fault: its result, three of zero, and its occurrences from offset 4 on. */
export const VALUE_BYTES = 8;
/** Octets at the end of each message: the first of its HMAC-SHA256. */
export const MAC_BYTES = 16;
export const MAX_DECLARATION_BYTES = 60_000;
/** A declaration of that length, the longest message there is. */
export const MAX_MESSAGE_BYTES = HEADER.octets + MAX_DECLARATION_BYTES + MAC_BYTES;
