import type { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import { relayStream } from '../stream/relay-stream.ts';
import type { FileRate } from '../timing/file-rate.ts';

/** Length of the pieces in which files are sent, bytes: one frame of HTTP/2, so that other streams get a turn. */
const PIECE_BYTES = 16_384;

/** Wraps a stream so that it sends at the rate. `onPiece` is called before each piece. */
export function pacedStream(inner: Duplex, rate: FileRate, clock: Clock, onPiece: () => void): Duplex {
  const send = (chunk: Buffer, done: (error?: Error | null) => void): void => {
    if (inner.destroyed) {
      done(new Error('the stream has ended'));
      return;
    }
    const piece = chunk.subarray(0, PIECE_BYTES);
    const write = (): void => {
      onPiece();
      inner.write(piece, (error) => {
        if (error || piece.length === chunk.length) done(error);
        else send(chunk.subarray(piece.length), done);
      });
    };
    const waitMs = rate.reserve(piece.length);
    if (waitMs < 1) write();
    else clock.after(waitMs, write);
  };
  return relayStream(inner, { write: send });
}
