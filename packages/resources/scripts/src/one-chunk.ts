/** Octets that are there as a whole, as a stream of them. */
export async function* oneChunk(octets: Uint8Array): AsyncIterable<Uint8Array> {
  yield octets;
}
