import type { UpdateArtifact } from '@medkit/contract';
import type { ArtifactTar } from '@medkit/updates/artifact';

/** Size of the first request, and bounds of the next ones, bytes. */
const FIRST_BYTES = 262_144;
const LEAST_BYTES = 16_384;
const MOST_BYTES = 8_388_608;
/** A request is as large as the connection sends in about this time: a lost one costs little. */
const FAST_MS = 2000;
const SLOW_MS = 5000;
const RETRY_MS = 2000;
/** Interval of queries while the robot checks a complete archive. */
const CHECK_MS = 500;

export interface SendArtifactOptions {
  /** Sends one request with a value of `Content-Range`; without bytes, a query. */
  send(range: string, bytes?: Uint8Array<ArrayBuffer>): Promise<UpdateArtifact>;
  nowMs(): number;
  /** Returns false if the user stops the transfer. */
  wait(ms: number): Promise<boolean>;
  onProgress(artifact: UpdateArtifact): void;
  /** Called for each failed request. Throws if it must not be repeated. */
  onFailure(error: unknown): void;
}

/**
 * Sends an archive part by part, beginning at the byte after those that the robot has. After a failed request, queries
 * them again and continues. Returns `undefined` if the user stops it.
 */
export async function sendArtifact(
  tar: Pick<ArtifactTar, 'read' | 'size'>,
  { send, nowMs, wait, onProgress, onFailure }: SendArtifactOptions,
): Promise<UpdateArtifact | undefined> {
  let partBytes = FIRST_BYTES;
  let known: UpdateArtifact | undefined;
  for (;;) {
    try {
      if (known === undefined || known.received === tar.size) known = await send(`bytes */${tar.size}`);
      onProgress(known);
      if (known.complete) return known;
      if (known.received === tar.size) {
        if (!(await wait(CHECK_MS))) return undefined;
        continue;
      }
      const bytes = await bytesOf(tar.read(known.received), partBytes);
      const beganMs = nowMs();
      const last = known.received + bytes.length - 1;
      known = await send(`bytes ${known.received}-${last}/${tar.size}`, bytes);
      const tookMs = nowMs() - beganMs;
      if (tookMs < FAST_MS) partBytes = Math.min(MOST_BYTES, 2 * partBytes);
      else if (tookMs > SLOW_MS) partBytes = Math.max(LEAST_BYTES, partBytes / 2);
      if (known.complete) onProgress(known);
      if (known.complete) return known;
    } catch (error) {
      onFailure(error);
      known = undefined;
      partBytes = Math.max(LEAST_BYTES, partBytes / 2);
      if (!(await wait(RETRY_MS))) return undefined;
    }
  }
}

/** Returns the first bytes of a stream, at most this many. */
async function bytesOf(chunks: AsyncIterable<Uint8Array>, most: number): Promise<Uint8Array<ArrayBuffer>> {
  const parts: Uint8Array[] = [];
  let left = most;
  for await (const chunk of chunks) {
    const part = chunk.subarray(0, left);
    parts.push(part);
    left -= part.length;
    if (left === 0) break;
  }
  return Buffer.concat(parts);
}
