import { PEER_HEADERS } from '@medkit/contract';
import { fieldsOf, stringifyJson } from '@medkit/core';
import { parseJson } from '@medkit/core/json';
import type { Clock } from '@medkit/edges';
import type { CampaignOutcome, CampaignWork, RobotReply } from '@medkit/fleet';
import { limited } from '../follow-robot.ts';
import { ROBOT_URL, wholeBody } from '../robot-replies.ts';
import type { RobotSession, RobotSessions } from '../robot-sessions.ts';

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

/**
 * Sends the requests of a campaign to a robot, one after the other until a reply is a refusal. Each change has the key that it
 * had before: a robot that has executed it answers the same again.
 */
export async function sendCalls(options: SendOptions, work: CampaignWork): Promise<CampaignOutcome> {
  const session = options.sessions.get(work.robot);
  if (!session) return 'cut';
  const replies: RobotReply[] = [];
  for (const call of work.calls) {
    const reply = await send(options, session, work, call);
    if (!reply) return 'cut';
    replies.push(reply);
    if (reply.status < 200 || reply.status >= 300) break;
  }
  return replies;
}

/** Returns the reply; `undefined` if none arrived. */
async function send(
  { clock, hubName, timeoutMs, signal: stopping }: SendOptions,
  session: RobotSession,
  { campaign, createdBy, permission }: CampaignWork,
  { method, path, body, key }: CampaignWork['calls'][number],
): Promise<RobotReply | undefined> {
  try {
    const ended = AbortSignal.any([session.signal, stopping]);
    return await limited(clock, timeoutMs, ended, async (signal) => {
      const reply = await session.gateway.open({
        method,
        url: `${ROBOT_URL}${path}`,
        headers: {
          'x-medkit-class': '3',
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(key !== undefined && { 'idempotency-key': key }),
          [PEER_HEADERS.onBehalfOf]: `${createdBy}@${hubName}`.replaceAll(/[^\w.@:+-]/g, '_').slice(0, 128),
          [PEER_HEADERS.permissions]: ['read', permission].join(','),
          'x-client-id': `hub:campaign:${campaign}`,
        },
        ...(body !== undefined && { body: stringifyJson(body) }),
        timeoutMs,
        signal,
      });
      return replyOf(reply.status, (await wholeBody(reply, MAX_REPLY_BYTES)).toString());
    });
  } catch {
    // The robot disconnected, does not answer in time, or sent too much: in each case the outcome is unknown.
    return undefined;
  }
}

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
