import { readParts, type StreamPart } from '@medkit/client';
import type { Clock, HttpStreamReply, Timer } from '@medkit/edges';

/** Delay between attempts to reach an offline gateway, or to follow it. */
export const PEER_RETRY = { firstMs: 250, maxMs: 5000 };

/** A gateway sends at least every 30 s: a longer silence means that it has lost power or network. */
const MAX_SILENCE_MS = 75_000;

/** An open stream of another gateway. */
export type PeerStream = Pick<HttpStreamReply, 'body' | 'close'>;

/**
 * Yields the events of a stream in batches as received, until it ends. Throws if the stream breaks, is silent for too
 * long, or an event has more than `maxChars`.
 */
export function streamParts(stream: PeerStream, clock: Clock, maxChars: number): AsyncGenerator<readonly StreamPart[]> {
  return readParts(withSilenceTimeout(stream, clock), maxChars);
}

/**
 * Yields the chunks of a stream until it is silent for too long. Time during which the consumer does not read does not
 * count.
 */
export async function* withSilenceTimeout({ body, close }: PeerStream, clock: Clock): AsyncGenerator<Uint8Array> {
  const chunks = body[Symbol.asyncIterator]();
  /** Since when the next chunk is awaited. */
  let sinceMs: number | undefined;
  // One timer for many chunks: setting one per chunk would take longer than reading it.
  const listen = (forMs: number): Timer =>
    clock.after(forMs, () => {
      const silentMs = sinceMs === undefined ? 0 : clock.monotonicMs() - sinceMs;
      if (silentMs >= MAX_SILENCE_MS) close();
      else timer = listen(MAX_SILENCE_MS - silentMs);
    });
  let timer = listen(MAX_SILENCE_MS);
  try {
    for (;;) {
      sinceMs = clock.monotonicMs();
      const next = await chunks.next();
      if (next.done) return;
      sinceMs = undefined;
      yield next.value;
    }
  } finally {
    timer.cancel();
    await chunks.return?.();
  }
}
