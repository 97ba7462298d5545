/**
 * A number for `JSON.stringify` that is written exactly as `text` has it: all digits of a 64-bit integer, or the fraction
 * of a double that is whole. `text` must be a number by the grammar of JSON.
 */
export function rawNumber(text: string): unknown {
  // Not yet known to the compiler's library.
  return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(text);
}
