import { errorMessage, type ForwardReply } from '@medkit/core';
import { type Clock, pause, retryDelayMs } from '@medkit/edges';
import { type PeerReading, requestFrom } from './read-peer.ts';
import type { CopiedFile } from './recording-copy.ts';
import type { IncomingFile } from './recording-files.ts';

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

/** The file changed, or the peer does not support ranges: the bytes read so far are useless. */
class ChangedMeanwhile extends Error {
  override readonly name = 'ChangedMeanwhile';
}

/** A recording on its peer. */
export interface RemoteRecording {
  readonly peer: string;
  /** The reporter of one of its faults there. */
  readonly holder: string;
  /** The files, with their announced sizes in bytes. */
  readonly files: readonly Pick<CopiedFile, 'name' | 'size'>[];
  /** Maximum bytes of all files. */
  readonly maxBytes: number;
}

/** A file of it, and the maximum bytes that it may have. */
type RemoteFile = Omit<RemoteRecording, 'files'> & RemoteRecording['files'][number];

/** Properties that must not change while a file is read. */
interface Content {
  readonly etag: string | undefined;
  readonly size: number | undefined;
}

/**
 * Downloads the files of a recording one after the other; calls `admit` with the number of all received bytes before it
 * yields the last of them. Resumes an interrupted file if the peer still has the same one. Throws `NotCopied` if the
 * peer does not have a file or the recording is too large.
 */
export async function* downloadFiles(
  reading: PeerReading,
  { files, maxBytes, ...source }: RemoteRecording,
  admit: (bytes: number) => Promise<void>,
): AsyncGenerator<IncomingFile> {
  let received = 0;
  const admitted = async function* (octets: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
    for await (const chunk of octets) {
      received += chunk.length;
      await admit(received);
      yield chunk;
    }
  };
  for (const { name, size } of files) {
    const file = { ...source, name, size, maxBytes: maxBytes - received };
    const first = await request(reading, file, {});
    const content = contentOf(first, file);
    const tag = content.etag?.slice(1, -1) ?? `${size}-${name}`;
    yield { name, tag, octets: admitted(allOctets(reading, file, first, content)) };
  }
}

/** Checks the first reply for a file. */
function contentOf({ status, headers, close }: ForwardReply, { maxBytes }: RemoteFile): Content {
  const length = headers['content-length'];
  const etag = /^"[\x21\x23-\x7e]{1,200}"$/.test(headers['etag'] ?? '') ? headers['etag'] : undefined;
  const isTooLarge = length !== undefined && !(Number(length) <= maxBytes);
  if (status === 200 && !isTooLarge) return { etag, size: length === undefined ? undefined : Number(length) };
  close();
  if (status === 200) throw new NotCopied(`it has ${length} bytes, the maximum is ${maxBytes}`);
  if (status === 404 || status === 410 || status === 501) throw new NotCopied('its gateway no longer has it');
  throw new Error(`it answers with status ${status}`);
}

async function* allOctets(
  reading: PeerReading,
  file: RemoteFile,
  first: ForwardReply,
  content: Content,
): AsyncGenerator<Uint8Array> {
  const { etag, size } = content;
  // A body without a length is limited to the announced size.
  const most = size ?? Math.min(file.size, file.maxBytes);
  let at = 0;
  for (let resumes = 0; ; resumes += 1) {
    let reply: ForwardReply | undefined = resumes === 0 ? first : undefined;
    try {
      reply ??= await rest(reading, file, at, content);
      for await (const chunk of flowing(reading.clock, reply)) {
        at += chunk.length;
        if (at > most) throw new NotCopied(`it has more than the announced ${most} bytes`);
        yield chunk;
      }
      if (size === undefined || at === size) return;
      throw new Error(`it ends after ${at} of ${size} bytes`);
    } catch (error) {
      reading.signal.throwIfAborted();
      const isFinal = error instanceof NotCopied || error instanceof ChangedMeanwhile || resumes >= MAX_RESUMES;
      if (isFinal || etag === undefined || size === undefined) throw error;
    } finally {
      reply?.close();
    }
    await pause(reading.clock, retryDelayMs(RESUME, resumes + 1), reading.signal);
  }
}

/** Requests the rest of a file. */
async function rest(reading: PeerReading, file: RemoteFile, at: number, content: Content): Promise<ForwardReply> {
  const { etag, size } = content;
  const reply = await request(reading, file, { range: `bytes=${at}-`, 'if-range': etag });
  const { status, headers } = reply;
  const isRest = status === 206 && headers['content-range'] === `bytes ${at}-${Number(size) - 1}/${size}`;
  if (isRest && (headers['etag'] ?? etag) === etag) return reply;
  reply.close();
  if (status >= 500) throw new Error(`it answers with status ${status}`);
  throw new ChangedMeanwhile('it changed during the copy');
}

async function request(
  reading: PeerReading,
  { peer, holder, name }: RemoteFile,
  headers: Readonly<Record<string, string | undefined>>,
): Promise<ForwardReply> {
  reading.signal.throwIfAborted();
  const path = `/bulk-data/rosbags/${encodeURIComponent(name.toWellFormed())}`;
  const reply = await requestFrom(reading, { peer, nativeId: holder, path, headers: { accept: '*/*', ...headers } });
  if (!reply) throw new Error('its gateway is no longer shown');
  return reply;
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
