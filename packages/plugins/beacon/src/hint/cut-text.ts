const encoder = new TextEncoder();

/** The longest beginning of `text` that has `octets` of UTF-8 at most; no character is cut in two. */
export function cutText(text: string, octets: number): string {
  // Every code unit takes one octet at least, so that a text of any length costs no more than one at the limit.
  const beginning = text.slice(0, octets);
  return beginning.slice(0, encoder.encodeInto(beginning, new Uint8Array(octets)).read);
}
