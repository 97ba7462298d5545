import { PEER_HEADERS, type Permission } from '@medkit/contract';
import { fieldsOf, stringifyJson } from '@medkit/core';
import { parseJson } from '@medkit/core/json';
import type { Clock } from '@medkit/edges';
import type { ArchivePart, RobotCall, RobotReply } from '@medkit/fleet';
import { limited } from './follow-robot.ts';
import { ROBOT_URL, wholeBody } from './robot-replies.ts';
import type { RobotSession, RobotSessions } from './robot-sessions.ts';

/**
 * Time limit of a part of an archive: a robot that receives no byte for 20 s ends the request itself, and stores the bytes
 * that it has received.
 */
const PART_TIMEOUT_MS = 300_000;
/** Maximum bytes of a reply: a value, or the description of an error. */
const MAX_REPLY_BYTES = 262_144;

export interface SendOptions {
  readonly sessions: Pick<RobotSessions, 'get'>;
  /** Name of this hub for the audit records of robots. */
  readonly hubName: string;
  /** Timeout of one request: a robot may wait for a service. */
  readonly timeoutMs: number;
  readonly clock: Clock;
  /** Aborted when the hub stops. */
  readonly signal: AbortSignal;
}

/** A request that the hub sends to a robot for an account. */
export interface HubRequest {
  readonly call: RobotCall & { readonly key: string | undefined };
  /** The account for which it is sent. */
  readonly by: string;
  /** The permissions that it has on the robot, besides `read`. */
  readonly permissions: readonly Permission[];
  /** Identifies the sender for locks and repeated requests. */
  readonly clientId: string;
  /** Whether it waited for the robot. */
  readonly isQueued?: boolean;
  /** The bytes of a part of an archive, which are sent as urgent bulk data. */
  readonly bytes?: Uint8Array;
}

/**
 * Sends a request to a robot, and returns the reply; `undefined` if none arrived. A robot that has executed a request with
 * this key answers the same again.
 */
export async function sendToRobot(
  { clock, hubName, timeoutMs, signal: stopping }: Omit<SendOptions, 'sessions'>,
  session: RobotSession,
  { call: { method, path, body, key, archive, script }, by, permissions, clientId, isQueued, bytes }: HubRequest,
): Promise<RobotReply | undefined> {
  const [http, limitMs] = bytes ? [session.files, PART_TIMEOUT_MS] : [session.gateway, timeoutMs];
  try {
    const form = script && (await formOf(script));
    const ended = AbortSignal.any([session.signal, stopping]);
    return await limited(clock, limitMs, ended, async (signal) => {
      const reply = await http.open({
        method,
        url: `${ROBOT_URL}${path}`,
        headers: {
          'x-medkit-class': bytes ? '4' : '3',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(form && { 'content-type': form.type }),
          ...(archive && { 'content-type': 'application/x-tar', 'content-range': contentRange(archive) }),
          ...(key !== undefined && { 'idempotency-key': key }),
          [PEER_HEADERS.onBehalfOf]: `${by}@${hubName}`.replaceAll(/[^\w.@:+-]/g, '_').slice(0, 128),
          [PEER_HEADERS.permissions]: ['read', ...permissions].join(','),
          ...(isQueued && { [PEER_HEADERS.queued]: '1' }),
          'x-client-id': clientId,
        },
        ...(body !== undefined && { body: stringifyJson(body) }),
        ...(form && { body: form.bytes }),
        ...(bytes && { body: bytes }),
        timeoutMs: limitMs,
        signal,
      });
      return replyOf(reply.status, (await wholeBody(reply, MAX_REPLY_BYTES)).toString());
    });
  } catch {
    // The robot disconnected, does not answer in time, or sent too much: in each case the outcome is unknown.
    return undefined;
  }
}

/** Returns the body of the upload of a script. */
async function formOf({ name, text }: NonNullable<RobotCall['script']>) {
  const form = new FormData();
  form.set('file', new Blob([text]), name);
  const encoded = new Response(form);
  return { type: encoded.headers.get('content-type') ?? '', bytes: new Uint8Array(await encoded.arrayBuffer()) };
}

/** Returns the value of `Content-Range` for a part, or for a query of the bytes received. */
const contentRange = ({ range, total }: ArchivePart): string =>
  `bytes ${range ? `${range.first}-${range.last}` : '*'}/${total}`;

function replyOf(status: number, text: string): RobotReply {
  const body = jsonIn(text);
  const fields = fieldsOf(body as never);
  const code = fields?.['vendor_code'] ?? fields?.['error_code'];
  return { status, body, ...(typeof code === 'string' && { code }) };
}

/** Returns the value of JSON text; `undefined` if it is none. */
function jsonIn(text: string): unknown {
  try {
    return parseJson(text);
  } catch {
    return undefined;
  }
}
