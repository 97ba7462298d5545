import type { Duplex } from 'node:stream';
import type { Clock } from '@medkit/edges';
import { relayStream } from '../stream/relay-stream.ts';
import type { FilePace } from '../timing/file-pace.ts';

/** Length of the pieces in which files are sent, bytes: one frame of HTTP/2, so that other streams get a turn. */
const PIECE_BYTES = 16_384;

interface Pacing {
  readonly pace: FilePace;
  readonly clock: Clock;
  /** Called when the pace needs a ping. */
  readonly ping: () => void;
  /** Returns for how many milliseconds at least the next piece waits; 0 to send it. */
  readonly holdMs: () => number;
}

/** Wraps a stream so that it sends at the pace. */
export function pacedStream(inner: Duplex, { pace, clock, ping, holdMs }: Pacing): Duplex {
  const send = (chunk: Buffer, done: (error?: Error | null) => void): void => {
    if (inner.destroyed) {
      done(new Error('the stream has ended'));
      return;
    }
    const heldMs = holdMs();
    if (heldMs > 0) {
      clock.after(heldMs, () => send(chunk, done));
      return;
    }
    const piece = chunk.subarray(0, PIECE_BYTES);
    pace.take(piece.length, () => {
      inner.write(piece, (error) => {
        if (error || piece.length === chunk.length) done(error);
        else send(chunk.subarray(piece.length), done);
      });
    });
    if (pace.needsPing) ping();
  };
  return relayStream(inner, { write: send });
}
