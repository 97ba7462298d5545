import { API_BASE, type UplinkState, UplinkState as UplinkStateSchema } from '@medkit/contract';
import type { HttpStreamReply, HttpStreams } from '@medkit/edges';
import type { RecordLine } from '@medkit/fleet';
import type { Validator } from 'typebox/schema';
import { typeBox } from '../http/type-box.ts';

/** Every robot has this name inside its uplink: the connection leads to one robot only. */
export const ROBOT_URL = `http://localhost${API_BASE}`;
/** Maximum bytes of a state: the robot keeps it below 256 KiB. */
const MAX_STATE_BYTES = 524_288;
/** Maximum bytes of a line: the body of a record has at most 256 KiB, which UTF-8 may double. */
const MAX_LINE_BYTES = 589_824;
/** Maximum bytes of one reply of the log: it ends after 512 KiB of text and one more record. */
const MAX_REPLY_BYTES = 2_097_152;
/** Time limit for the start of a reply. */
const START_MS = 9000;

/** The robot answered something that no medkit answers. */
export class BadReply extends Error {
  override readonly name = 'BadReply';
}

/** The log of the robot begins later than the hub has read: records were removed after every hub had read them. */
export class LogGone extends Error {
  override readonly name = 'LogGone';
  /** Number after which records are stored. */
  readonly oldest: number;

  constructor(oldest: number) {
    super(`records up to ${oldest} were removed`);
    this.oldest = oldest;
  }
}

let stateCheck: Validator | undefined;

/** Reads the present state of a robot. Throws `BadReply` if it is not one, another error if the robot cannot answer. */
export async function readState(http: HttpStreams, signal: AbortSignal): Promise<UplinkState> {
  const url = `${ROBOT_URL}/x-medkit-uplink/state`;
  const reply = await http.open({ method: 'GET', url, headers: {}, timeoutMs: START_MS, signal });
  const text = await wholeText(reply, MAX_STATE_BYTES);
  if (reply.status !== 200) throw new Error(`the robot answered ${reply.status}: ${text.slice(0, 200)}`);
  const state = parsed(text);
  stateCheck ??= typeBox().Compile(UplinkStateSchema);
  if (stateCheck.Check(state)) return state as UplinkState;
  throw new BadReply('the state of the robot does not have the required members');
}

/** Which records of a log to read. */
export interface LogPage {
  readonly log: string;
  readonly after: number;
  /** Seconds for which the reply stays open for further records. */
  readonly waitSec: number;
}

/**
 * Reads lines of the log in blocks, each when it arrives. Throws `LogGone`, `BadReply` for lines that are too long or
 * have no number, and another error if the robot cannot answer.
 */
export async function* readLog(
  http: HttpStreams,
  { log, after, waitSec }: LogPage,
  signal: AbortSignal,
): AsyncGenerator<readonly RecordLine[]> {
  const query = `after=${after}&log=${encodeURIComponent(log)}&wait_sec=${waitSec}`;
  const url = `${ROBOT_URL}/x-medkit-uplink/log?${query}`;
  const reply = await http.open({ method: 'GET', url, headers: {}, timeoutMs: START_MS, signal });
  if (reply.status !== 200) throw refusal(reply.status, await wholeText(reply, MAX_STATE_BYTES));
  const reader = lineReader();
  for await (const chunk of reply.body) {
    const lines = reader.take(chunk);
    if (lines.length > 0) yield lines;
  }
  if (reader.hasRest()) throw new Error('the log was cut within a line');
}

/** Splits a reply of the log into lines. Copies the part of a line, because a view of it would retain the whole chunk. */
function lineReader() {
  let rest = Buffer.alloc(0);
  let bytes = 0;
  return {
    take: (chunk: Uint8Array): readonly RecordLine[] => {
      bytes += chunk.length;
      if (bytes > MAX_REPLY_BYTES) throw new BadReply(`a reply of the log has more than ${MAX_REPLY_BYTES} bytes`);
      const received = rest.length === 0 ? asBuffer(chunk) : Buffer.concat([rest, chunk]);
      const whole = received.lastIndexOf(0x0a) + 1;
      rest = Buffer.from(received.subarray(whole));
      if (rest.length > MAX_LINE_BYTES) throw new BadReply(`a line of the log has more than ${MAX_LINE_BYTES} bytes`);
      return whole > 0 ? linesOf(received.toString('utf8', 0, whole - 1)) : [];
    },
    hasRest: () => rest.length > 0,
  };
}

const asBuffer = ({ buffer, byteOffset, length }: Uint8Array): Buffer => Buffer.from(buffer, byteOffset, length);

/** Reports to the robot up to which record the hub has stored its log. */
export async function putCursor(
  http: HttpStreams,
  cursor: { readonly hub: string; readonly log: string; readonly seq: number },
  signal: AbortSignal,
): Promise<void> {
  const reply = await http.open({
    method: 'PUT',
    url: `${ROBOT_URL}/x-medkit-uplink/cursor`,
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(cursor),
    timeoutMs: START_MS,
    signal,
  });
  const text = await wholeText(reply, MAX_STATE_BYTES);
  if (reply.status >= 300) throw new Error(`the robot refused the cursor with ${reply.status}: ${text.slice(0, 200)}`);
}

function linesOf(text: string): readonly RecordLine[] {
  return text.split('\n').map((line) => {
    const [, seq, to] = /^\{(?:"seq":(\d{1,16}),|"kind":"hole","from":\d{1,16},"to":(\d{1,16})\}$)/.exec(line) ?? [];
    if (seq === undefined && to === undefined) throw new BadReply('a line of the log has no number');
    return { seq: Number(seq ?? to), text: line };
  });
}

function refusal(status: number, text: string): Error {
  const oldest =
    status === 410 ? (parsed(text) as { parameters?: { oldest?: unknown } })?.parameters?.oldest : undefined;
  if (Number.isSafeInteger(oldest)) return new LogGone(oldest as number);
  return new Error(`the robot answered ${status}: ${text.slice(0, 200)}`);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new BadReply('a reply of the robot is not JSON');
  }
}

const wholeText = async (reply: HttpStreamReply, maxBytes: number): Promise<string> =>
  (await wholeBody(reply, maxBytes)).toString();

/** Reads a whole body. Throws `BadReply` if it has more than `maxBytes`. */
export async function wholeBody({ body }: HttpStreamReply, maxBytes: number): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > maxBytes) throw new BadReply(`a reply of the robot has more than ${maxBytes} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks);
}
