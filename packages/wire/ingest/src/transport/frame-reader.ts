/** Octets of the length prefix of each message in a stream. */
export const LENGTH_BYTES = 4;
/** Maximum frame length. A longer frame ends its connection. */
export const MAX_FRAME_BYTES = 65_536;

/** Splits a stream into messages. */
export interface FrameReader {
  /** Processes received octets. Returns false if a length is invalid; the rest of the stream is then unusable. */
  read(octets: Uint8Array): boolean;
}

/**
 * Creates a reader that calls `onFrame` with each complete message. The octets are valid during the call only: a view
 * of the input, or of an internal buffer if the message arrived in pieces. The buffer grows to the longest such
 * message.
 */
export function frameReader(onFrame: (octets: Uint8Array) => void): FrameReader {
  let buffer = new Uint8Array(LENGTH_BYTES);
  let bufferedBytes = 0;

  /** Returns the length of the frame at `offset`, or `undefined` if its prefix is incomplete. */
  function lengthIn(octets: Uint8Array, offset: number, available: number): number | undefined {
    if (available < LENGTH_BYTES) return undefined;
    const [a, b, c, d] = [octets[offset]!, octets[offset + 1]!, octets[offset + 2]!, octets[offset + 3]!];
    return (a | (b << 8) | (c << 16) | (d << 24)) >>> 0;
  }
  const isSound = (length: number) => length > 0 && length <= MAX_FRAME_BYTES;

  function keep(octets: Uint8Array): void {
    if (buffer.length < bufferedBytes + octets.length) {
      // Doubled, so that a frame in very small pieces is not copied for each of them.
      const grown = new Uint8Array(Math.max(bufferedBytes + octets.length, 2 * buffer.length));
      grown.set(buffer.subarray(0, bufferedBytes));
      buffer = grown;
    }
    buffer.set(octets, bufferedBytes);
    bufferedBytes += octets.length;
  }

  /** Appends `octets` to the stored part up to `bytes` in total. Returns the number of octets used. */
  function complete(octets: Uint8Array, offset: number, bytes: number): number {
    const taken = Math.min(octets.length - offset, bytes - bufferedBytes);
    keep(octets.subarray(offset, offset + taken));
    return taken;
  }

  return {
    read(octets) {
      let offset = 0;
      if (bufferedBytes > 0) {
        offset += complete(octets, offset, Math.max(LENGTH_BYTES, bufferedBytes));
        const length = lengthIn(buffer, 0, bufferedBytes);
        if (length === undefined) return true;
        if (!isSound(length)) return false;
        offset += complete(octets, offset, LENGTH_BYTES + length);
        if (bufferedBytes < LENGTH_BYTES + length) return true;
        bufferedBytes = 0;
        onFrame(buffer.subarray(LENGTH_BYTES, LENGTH_BYTES + length));
      }
      while (offset < octets.length) {
        const available = octets.length - offset;
        const length = lengthIn(octets, offset, available);
        if (length !== undefined && !isSound(length)) return false;
        const end = offset + LENGTH_BYTES + (length ?? 0);
        if (length === undefined || end > octets.length) {
          keep(octets.subarray(offset));
          return true;
        }
        onFrame(octets.subarray(offset + LENGTH_BYTES, end));
        offset = end;
      }
      return true;
    },
  };
}
