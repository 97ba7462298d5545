/** Streams bytes as a single chunk. */
export async function* oneChunk(octets: Uint8Array): AsyncIterable<Uint8Array> {
  yield octets;
}
