import { Duplex } from 'node:stream';

/** Bytes that a stream of the tunnel buffers in each direction before it pauses the other end. */
export const BUFFER_BYTES = 65_536;

interface RelayOptions {
  /** Received earlier, and read first. */
  readonly first?: Buffer;
  /** Replaces writing a chunk to the inner stream. */
  readonly write?: (chunk: Buffer, done: (error?: Error | null) => void) => void;
}

/**
 * Wraps a stream in a plain one with bounded buffers. HTTP/2 needs it: Node.js 24 ends the process if HTTP/2 receives a
 * TLS socket over another stream that has data already.
 */
export function relayStream(inner: Duplex, { first, write }: RelayOptions = {}): Duplex {
  const stream = new Duplex({
    highWaterMark: BUFFER_BYTES,
    read: () => void inner.resume(),
    write: (chunk, _encoding, done) => (write ? write(chunk, done) : void inner.write(chunk, done)),
    ...(!write && {
      writev: (chunks, done) => {
        inner.cork();
        const last = chunks.length - 1;
        chunks.forEach(({ chunk }, at) => void (at === last ? inner.write(chunk, done) : inner.write(chunk)));
        inner.uncork();
      },
    }),
    final: (done) => {
      if (write) return void inner.end(done);
      // HTTP/2 may still write, and a write during a shutdown ends the process: `JSStreamSocket.doWrite` asserts it.
      inner.end();
      done();
    },
    destroy: (error, done) => {
      inner.destroy();
      done(error);
    },
  });
  stream.on('error', () => undefined);
  if (first && first.length > 0) stream.push(first);
  inner.on('data', (chunk: Buffer) => {
    if (!stream.push(chunk)) inner.pause();
  });
  inner.on('end', () => stream.push(null));
  inner.on('close', () => stream.destroy());
  inner.on('error', (error) => stream.destroy(error));
  if (inner.destroyed) stream.destroy();
  return stream;
}
