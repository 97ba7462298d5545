/**
 * Returns a value that `JSON.stringify` writes exactly as `text`. Used for 64-bit integers and for whole doubles such
 * as `1.0`. `text` must be a valid JSON number.
 */
export function rawNumber(text: string): unknown {
  // The compiler's library does not declare `rawJSON` yet.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}
