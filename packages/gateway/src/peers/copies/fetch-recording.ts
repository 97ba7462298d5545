import { PEER_HEADERS } from '@medkit/contract';
import { callContext, errorMessage, type ForwardReply, type Model } from '@medkit/core';
import { type Clock, pause, retryDelayMs } from '@medkit/edges';

/** Timeout for a peer to start sending. */
const BEGIN_MS = 10_000;
/** Minimum bytes within the time: a slower transfer is aborted, since others wait. */
const FLOW_BYTES = 262_144;
const FLOW_MS = 30_000;
/** Maximum resumptions of an interrupted file, and the first delay, doubled each time. */
const MAX_RESUMES = 6;
const RESUME = { firstMs: 250, maxMs: 10_000 };

/** A permanent reason not to copy a recording. */
export class NotCopied extends Error {
  override readonly name = 'NotCopied';
}

export interface RecordingSource {
  readonly model: Pick<Model, 'provider'>;
  readonly clock: Clock;
  /** Aborted when the file is no longer needed. */
  readonly signal: AbortSignal;
}

/** A file of a recording on its peer. */
export interface RecordingFile {
  readonly peer: string;
  /** The reporter of one of its faults there. */
  readonly holder: string;
  readonly name: string;
  /** In bytes, as announced. */
  readonly size: number;
  /** Maximum bytes. */
  readonly maxBytes: number;
}

export interface OpenedFile {
  readonly tag: string;
  /** Yields all bytes or throws. Resumes an interrupted transfer if the peer still has the same file. */
  readonly octets: AsyncIterable<Uint8Array>;
}

/** Begins to read a file. Throws `NotCopied` if the peer does not have it, or if it is too large. */
export async function openFile(source: RecordingSource, file: RecordingFile): Promise<OpenedFile> {
  const first = await request(source, file, {});
  const { status, headers } = first;
  const refusal = refusalOf(first, file);
  if (status !== 200 || refusal !== undefined) {
    first.close();
    if (refusal !== undefined) throw new NotCopied(refusal);
    throw new Error(`it answers with status ${status}`);
  }
  const etag = /^"[\x21\x23-\x7e]{1,200}"$/.test(headers['etag'] ?? '') ? headers['etag'] : undefined;
  const length = headers['content-length'];
  const size = length === undefined ? undefined : Number(length);
  return {
    tag: etag?.slice(1, -1) ?? `${file.size}-${file.name}`,
    octets: allOctets(source, file, first, { etag, size }),
  };
}

function refusalOf({ status, headers }: ForwardReply, { maxBytes }: RecordingFile): string | undefined {
  if (status === 404 || status === 410 || status === 501) return 'its gateway no longer has it';
  const length = headers['content-length'];
  return status === 200 && length !== undefined && !(Number(length) <= maxBytes)
    ? `it has ${length} bytes, the maximum is ${maxBytes}`
    : undefined;
}

/** Properties that must not change while the file is read. */
interface Content {
  readonly etag: string | undefined;
  readonly size: number | undefined;
}

async function* allOctets(
  source: RecordingSource,
  file: RecordingFile,
  first: ForwardReply,
  content: Content,
): AsyncGenerator<Uint8Array> {
  const { etag, size } = content;
  // A body without a length is limited to the announced size.
  const most = size ?? Math.min(file.size, file.maxBytes);
  let at = 0;
  let resumes = 0;
  let reply: ForwardReply | undefined = first;
  for (;;) {
    try {
      reply ??= await rest(source, file, at, content);
      for await (const chunk of flowing(source.clock, reply)) {
        at += chunk.length;
        if (at > most) throw new NotCopied(`it has more than the announced ${most} bytes`);
        yield chunk;
      }
      if (size === undefined || at === size) return;
      throw new Error(`it ends after ${at} of ${size} bytes`);
    } catch (error) {
      source.signal.throwIfAborted();
      if (error instanceof NotCopied || etag === undefined || size === undefined) throw error;
      if (error instanceof ChangedMeanwhile || resumes >= MAX_RESUMES) throw error;
    } finally {
      reply?.close();
    }
    reply = undefined;
    await pause(source.clock, retryDelayMs(RESUME, resumes + 1), source.signal);
    resumes += 1;
  }
}

/** The file changed, or the peer does not support ranges: the bytes read so far are useless. */
class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/** Requests the rest of a file. */
async function rest(
  source: RecordingSource,
  file: RecordingFile,
  at: number,
  { etag, size }: Content,
): Promise<ForwardReply> {
  const reply = await request(source, file, { range: `bytes=${at}-`, 'if-range': etag });
  const { status, headers } = reply;
  const isRest = status === 206 && headers['content-range'] === `bytes ${at}-${Number(size) - 1}/${size}`;
  if (isRest && (headers['etag'] ?? etag) === etag) return reply;
  reply.close();
  if (status >= 500) throw new Error(`it answers with status ${status}`);
  throw new ChangedMeanwhile('it changed during the copy');
}

async function request(
  { model, clock, signal }: RecordingSource,
  { peer, holder, name }: RecordingFile,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<ForwardReply> {
  signal.throwIfAborted();
  const provider = model.provider(peer)?.forwarding;
  if (!provider) throw new Error('its gateway is no longer shown');
  const path = `/bulk-data/rosbags/${encodeURIComponent(name.toWellFormed())}`;
  const wanted = { accept: '*/*', [PEER_HEADERS.localOnly]: '1', ...headers };
  const call = callContext({ clock, timeoutMs: BEGIN_MS, signal });
  return provider.send(holder, { method: 'GET', path, query: '', headers: wanted }, call);
}

/** Yields the bytes of a reply; aborts the reply if it is too slow. */
async function* flowing(clock: Clock, reply: ForwardReply): AsyncGenerator<Uint8Array> {
  let isSlow = false;
  const begin = () =>
    clock.after(FLOW_MS, () => {
      isSlow = true;
      reply.close();
    });
  let left = FLOW_BYTES;
  let timer = begin();
  try {
    for await (const chunk of reply.octets ? [reply.octets] : reply.body) {
      yield chunk;
      left -= chunk.length;
      if (left > 0) continue;
      left = FLOW_BYTES;
      timer.cancel();
      timer = begin();
    }
  } catch (error) {
    throw new Error(isSlow ? 'the transfer is too slow' : errorMessage(error));
  } finally {
    timer.cancel();
  }
}
