/**
 * Maximum lists, objects and members of the JSON document in a request. Each takes some 56 bytes of heap for as few as
 * three bytes of text: this is 14 MB. A path of 25,000 poses has less.
 */
export const MAX_PARTS = 250_000;

const [QUOTE, BACKSLASH, BRACKET, BRACE, COLON] = [0x22, 0x5c, 0x5b, 0x7b, 0x3a] as const;

/** Counts lists, objects and members of a JSON document without parsing it; stops once there are more than `most`. */
export function partsOf(bytes: Uint8Array, most = MAX_PARTS): number {
  let parts = 0;
  let isInString = false;
  for (let at = 0; at < bytes.length && parts <= most; at++) {
    const byte = bytes[at];
    if (isInString) {
      if (byte === BACKSLASH) at++;
      else if (byte === QUOTE) isInString = false;
    } else if (byte === QUOTE) {
      isInString = true;
    } else if (byte === BRACKET || byte === BRACE || byte === COLON) {
      parts++;
    }
  }
  return parts;
}
