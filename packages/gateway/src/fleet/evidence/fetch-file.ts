import type { Clock, HttpStreamReply, HttpStreams } from '@medkit/edges';
import type { Transfer } from '@medkit/fleet';
import { limited } from '../follow-robot.ts';
import { ROBOT_URL, wholeBody } from '../robot-replies.ts';
import type { RobotSession } from '../robot-sessions.ts';
import type { PartFiles } from './part-files.ts';

/** Bytes of one request: what a hub holds in memory for one transfer. */
export const PART_BYTES = 4 * 1024 * 1024;
/** Received bytes that are stored if a part is cut: fewer are requested again. */
const MIN_STORED_BYTES = 65_536;
/** Largest file that a hub stores. */
const MAX_FILE_BYTES = 4 * 1024 * 1024 * 1024;
/** Free space that transfers leave on the disk of the hub. */
const RESERVED_BYTES = 256 * 1024 * 1024;
/** Time for a reply to begin, and for its next bytes: a robot sends slower only if it holds data back. */
const [START_MS, STALL_MS] = [30_000, 60_000];
const MAX_ERROR_BYTES = 65_536;

/** How a transfer ended: `retry` was answered and did not succeed, `wait` has to wait without being an attempt. */
export type FetchOutcome =
  | { readonly outcome: 'complete'; readonly bytes: number }
  | { readonly outcome: 'gone' | 'failed' | 'retry'; readonly reason: string }
  | { readonly outcome: 'wait'; readonly reason: string; readonly ms: number; readonly isOverBudget?: boolean };

export interface FetchFileOptions {
  readonly session: RobotSession;
  readonly transfer: Transfer;
  readonly parts: PartFiles;
  readonly clock: Clock;
  /** Throws if the hub has no room for a file of this size. Called before its first bytes are read. */
  readonly assertRoom: (bytes: number) => Promise<void>;
  /** Called after each part. */
  readonly onProgress: (file: {
    readonly bytes: number;
    readonly etag: string;
    readonly size: number;
  }) => Promise<void>;
}

/**
 * Fetches the rest of a recording in parts of 4 MiB. Each request requires the ETag of the parts before it: a file that has
 * changed begins again. Throws if the connection fails; what was received is stored.
 */
export async function fetchFile(options: FetchFileOptions): Promise<FetchOutcome> {
  const { transfer, parts, onProgress } = options;
  let etag = transfer.etag;
  let have = etag === undefined ? 0 : await parts.bytes(transfer.id);
  // All parts were received, and could not be stored.
  if (have > 0 && have === transfer.size) return { outcome: 'complete', bytes: have };
  for (;;) {
    if (have === 0) {
      await parts.remove(transfer.id);
      etag = undefined;
    }
    const part = await fetchPart(options, have, etag);
    if ('outcome' in part) return part;
    if ('isChanged' in part) {
      await parts.remove(transfer.id);
      return { outcome: 'retry', reason: 'the file changed on the robot: its transfer begins again' };
    }
    if (part.size > MAX_FILE_BYTES) {
      return { outcome: 'failed', reason: `it has ${part.size} bytes, more than the maximum of 4 GiB` };
    }
    if (part.chunks.length > 0) {
      await parts.add(transfer.id, have, part.chunks);
      have += part.bytes;
      etag = part.etag;
      await onProgress({ bytes: have, etag: part.etag, size: part.size });
    }
    if (part.error !== undefined) throw part.error;
    if (have >= part.size) return { outcome: 'complete', bytes: have };
  }
}

interface Part {
  readonly chunks: readonly Uint8Array[];
  readonly bytes: number;
  readonly etag: string;
  /** Bytes of the whole file. */
  readonly size: number;
  /** Why the reply ended early. */
  readonly error?: unknown;
}

/** Requests the bytes from an offset. */
async function fetchPart(
  { session, transfer, parts, clock, assertRoom }: FetchFileOptions,
  offset: number,
  etag: string | undefined,
): Promise<Part | FetchOutcome | { readonly isChanged: true }> {
  const path = `/${transfer.entity}/bulk-data/rosbags/${encodeURIComponent(transfer.recording ?? transfer.code)}`;
  const ending = new AbortController();
  const signal = AbortSignal.any([session.signal, ending.signal]);
  const reply = await requestOf(session.files, path, transfer, signal, {
    range: `bytes=${offset}-${offset + PART_BYTES - 1}`,
    ...(etag !== undefined && { 'if-range': etag }),
  });
  // Without a match of `If-Range` the robot sends the whole file; the range begins after the end of a shorter one.
  if (offset > 0 && (reply.status === 200 || reply.status === 416)) {
    reply.close();
    return { isChanged: true };
  }
  if (reply.status !== 206) return outcomeOf(reply);
  const found = contentRange(reply);
  if (!found || found.first !== offset || (etag !== undefined && found.etag !== etag)) {
    reply.close();
    return { outcome: 'retry', reason: 'the robot answered another range than the requested one' };
  }
  if (offset === 0 && (await parts.free()) < 2 * found.size + RESERVED_BYTES) {
    reply.close();
    const reason = `the disk of the hub has no space for its ${found.size} bytes: free space, or shorten what rules collect`;
    return { outcome: 'wait', reason, ms: 600_000 };
  }
  try {
    if (offset === 0) await assertRoom(found.size);
  } catch (error) {
    reply.close();
    throw error;
  }
  return { ...(await receive(reply, PART_BYTES, clock, ending)), ...found };
}

/** Reads a body. Returns the chunks before an error, if they are worth storing, and the error. */
async function receive(
  reply: HttpStreamReply,
  maxBytes: number,
  clock: Clock,
  ending: AbortController,
): Promise<Pick<Part, 'bytes' | 'chunks' | 'error'>> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  const stalled = () => clock.after(STALL_MS, () => ending.abort(new Error('the robot sent nothing for a minute')));
  let timer = stalled();
  try {
    for await (const chunk of reply.body) {
      timer.cancel();
      timer = stalled();
      bytes += chunk.length;
      if (bytes > maxBytes) throw new Error('the robot sent more than the requested range');
      chunks.push(chunk);
    }
    return { chunks, bytes };
  } catch (error) {
    const isWorth = bytes >= MIN_STORED_BYTES && bytes <= maxBytes;
    return { chunks: isWorth ? chunks : [], bytes, error };
  } finally {
    timer.cancel();
  }
}

/** Reads ETag and range of a reply; `undefined` if one is missing or malformed. */
function contentRange({ headers }: HttpStreamReply) {
  const [, first, size] = /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/.exec(headers['content-range'] ?? '') ?? [];
  const { etag } = headers;
  if (size === undefined || etag === undefined || etag.length > 256) return undefined;
  return { first: Number(first), size: Number(size), etag };
}

/** Sends a request for evidence with its traffic class. */
export function requestOf(
  http: HttpStreams,
  path: string,
  { trafficClass }: Pick<Transfer, 'trafficClass'>,
  signal: AbortSignal,
  headers: Readonly<Record<string, string>>,
): Promise<HttpStreamReply> {
  return http.open({
    method: 'GET',
    url: ROBOT_URL + path,
    headers: { 'x-medkit-class': String(trafficClass), ...headers },
    timeoutMs: START_MS,
    signal,
  });
}

/** Reads a document of a fault. Returns its bytes, or why the robot does not send it. */
export function fetchDocument(
  { session, transfer, clock }: Pick<FetchFileOptions, 'clock' | 'session' | 'transfer'>,
  maxBytes: number,
): Promise<Uint8Array | FetchOutcome> {
  const path = `/${transfer.entity}/faults/${encodeURIComponent(transfer.code)}`;
  return limited(clock, STALL_MS, session.signal, async (signal) => {
    const reply = await requestOf(session.uplink, path, transfer, signal, { accept: 'application/json' });
    return reply.status === 200 ? wholeBody(reply, maxBytes) : outcomeOf(reply);
  });
}

/** Returns what a status without content means for a transfer. */
async function outcomeOf(reply: HttpStreamReply): Promise<FetchOutcome> {
  const { status, headers } = reply;
  const text = (await wholeBody(reply, MAX_ERROR_BYTES).catch(() => '')).toString();
  if (status === 404 || status === 410) return { outcome: 'gone', reason: 'the robot does not have it any more' };
  if (status === 429 || status === 503) {
    const seconds = Math.min(Math.max(Number(headers['retry-after']) || 60, 1), 86_400);
    const isOverBudget = text.includes('x-medkit-data-budget');
    const reason = isOverBudget
      ? 'the data budget of the robot is used up for today'
      : text.includes('x-medkit-bulk-waits')
        ? 'the robot sends recordings that are not urgent later (hub.bulk_when)'
        : 'the robot is busy';
    return { outcome: 'wait', reason, ms: seconds * 1000, isOverBudget };
  }
  const remedy = status === 403 ? ': the role of the hub on the robot needs the permission files.read' : '';
  return { outcome: 'retry', reason: `the robot answered ${status}${remedy}` };
}
