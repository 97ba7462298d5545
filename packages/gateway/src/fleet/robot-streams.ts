import { API_BASE, type FleetRobot, isRobotConnected } from '@medkit/contract';
import { errorMessage, type ForwardReply } from '@medkit/core';
import type { Clock } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';
import { EventReply } from '../http/event-reply.ts';
import { ForwardedReply } from '../http/forwarded-reply.ts';
import { passOnUntilEnd } from '../peers/forwarding/forwarded-events.ts';
import { isAuthorised } from '../security/authorise.ts';
import { commentFrame } from '../sse/event-frame.ts';
import type { EventStream } from '../sse/event-stream.ts';
import type { EventStreams } from '../sse/event-streams.ts';
import { apiOf, replaceAddresses } from './replace-addresses.ts';
import type { FleetViews } from './rights/fleet-views.ts';
import { knownRobot, notResponding, whereabouts } from './robot-away.ts';
import type { RobotRequest, RobotRequests } from './robot-requests.ts';
import type { RobotSession, RobotSessions } from './robot-sessions.ts';

/** Interval of the comments while a robot is away. */
const AWAY_COMMENT_MS = 30_000;
/** Time in which the uplink ends after the streams of a robot that stops. */
const STOP_MS = 2000;

export interface RobotStreamsOptions {
  readonly requests: Pick<RobotRequests, 'ask' | 'count'>;
  readonly sessions: Pick<RobotSessions, 'connected' | 'get'>;
  readonly fleet: Pick<Fleet, 'robot'>;
  readonly streams: EventStreams;
  readonly clock: Clock;
  readonly views: Pick<FleetViews, 'onChange' | 'permissionsAt'>;
}

/** The event streams of robots. */
export interface RobotStreams {
  /**
   * Returns a stream of a robot that stays open while the robot is away: a comment says since when, and the stream
   * continues after the last event when the robot is back. It counts as a request to the robot until it ends. Opening it
   * throws like `RobotRequests.send`, but not if the robot is away.
   */
  open(request: RobotRequest): EventReply;
}

export function robotStreams(options: RobotStreamsOptions): RobotStreams {
  const { requests, sessions, fleet, streams } = options;
  const begin = async (asked: RobotRequest, stream: EventStream): Promise<EventStream | ForwardedReply> => {
    requests.count(asked);
    const session = sessions.get(asked.robot);
    const reply = await requests.ask(asked);
    if (!reply) {
      const robot = await knownRobot(fleet, asked.robot);
      if (robot.state !== 'approved') throw notResponding(robot);
    } else if (!isStream(reply)) {
      stream.end();
      return new ForwardedReply(reply);
    }
    if (asked.request.principal.scopes.length > 0) endOutside(options, asked, stream);
    void follow(options, asked, { stream, session, reply });
    return stream;
  };
  return {
    open: (asked) =>
      new EventReply(async () => {
        const stream = streams.open('peers');
        try {
          return await begin(asked, stream);
        } catch (error) {
          stream.end();
          throw error;
        }
      }),
  };
}

/** Ends the stream of a limited account when the account may no longer read it at the robot. */
function endOutside({ views }: RobotStreamsOptions, { robot, request }: RobotRequest, stream: EventStream): void {
  const { principal, routeOptions } = request;
  const need = routeOptions.config.permission ?? 'read';
  const judge = async (): Promise<void> => {
    const permissions = await views.permissionsAt(principal, robot);
    if (!permissions.has('fleet.read') || !isAuthorised({ permissions }, need))
      throw new Error(`no access to ${robot}`);
  };
  let isJudging = false;
  let isChanged = false;
  const judgeLast = async (): Promise<void> => {
    isChanged = true;
    if (isJudging) return;
    isJudging = true;
    // While many robots connect, one judgement is for several changes.
    while (isChanged && !stream.isOver) {
      isChanged = false;
      await judge();
    }
    isJudging = false;
  };
  const stop = views.onChange(() => void judgeLast().catch((error: unknown) => stream.cutOff(errorMessage(error))));
  stream.signal.addEventListener('abort', stop, { once: true });
}

const isStream = ({ status, headers }: ForwardReply): boolean =>
  status === 200 && headers['content-type']?.startsWith('text/event-stream') === true;

interface Following {
  readonly stream: EventStream;
  readonly session: RobotSession | undefined;
  readonly reply: ForwardReply | undefined;
}

/** Forwards the events of a robot, again each time that it connects, until one side ends the stream: never rejects. */
async function follow(options: RobotStreamsOptions, asked: RobotRequest, first: Following): Promise<void> {
  const { sessions, requests, clock } = options;
  const { robot } = asked;
  const { stream } = first;
  let { session, reply } = first;
  let position: string | undefined;
  try {
    while (!stream.isOver) {
      if (session && reply) {
        const onPosition = (id: string): void => {
          position = id;
        };
        const dataHere = (data: string): string => dataOfHub(data, robot);
        const end = await passOnUntilEnd({ reply, stream, clock, origin: robot, dataHere, onPosition });
        if (stream.isOver) return;
        if (!(await endsSoon(session, clock))) {
          if (end === 'ended') stream.end();
          else stream.cutOff(`the stream of ${robot} was interrupted`);
          return;
        }
      }
      await untilConnected(options, robot, stream);
      session = sessions.get(robot);
      reply = stream.isOver ? undefined : await requests.ask(asked, position);
      if (reply && !isStream(reply)) {
        reply.close();
        stream.cutOff(`the robot ${robot} answered ${reply.status}`);
      }
    }
    reply?.close();
  } catch (error) {
    stream.cutOff(errorMessage(error));
  }
}

/** Comments since when a robot is away, until it connects. Cuts the stream off if the robot may not connect any more. */
async function untilConnected(options: RobotStreamsOptions, name: string, stream: EventStream): Promise<void> {
  const { sessions, fleet, clock } = options;
  const leftMs = clock.wallMs();
  const comment = async (): Promise<void> => {
    const robot = await knownRobot(fleet, name);
    if (robot.state !== 'approved') stream.cutOff(`the robot ${name} is ${robot.state}`);
    else if (!sessions.get(name)) stream.send(commentFrame(`robot is ${whereabouts(sinceLeft(robot, leftMs))}`));
  };
  const commented = (): void => void comment().catch((error: unknown) => stream.cutOff(errorMessage(error)));
  if (!sessions.get(name)) commented();
  const timer = clock.every(AWAY_COMMENT_MS, commented);
  await sessions.connected(name, stream.signal);
  timer.cancel();
}

/** Returns a robot with the time at which its stream ended, if the record does not have the end of its uplink yet. */
const sinceLeft = (robot: FleetRobot, leftMs: number): FleetRobot =>
  isRobotConnected(robot.presence) ? { ...robot, since: new Date(leftMs).toISOString() } : robot;

/** Returns whether the uplink has ended, or ends within the time that a robot needs to stop. */
async function endsSoon({ signal }: RobotSession, clock: Clock): Promise<boolean> {
  if (signal.aborted) return true;
  await new Promise<void>((resolve) => {
    const done = (): void => {
      timer.cancel();
      signal.removeEventListener('abort', done);
      resolve();
    };
    const timer = clock.after(STOP_MS, done);
    signal.addEventListener('abort', done);
  });
  return signal.aborted;
}

/** Returns the data of an event with the addresses of this hub. */
function dataOfHub(data: string, robot: string): string {
  const text = replaceAddresses(Buffer.from(data), API_BASE, apiOf(robot)).toString();
  return text.replaceAll('\n', '\ndata: ');
}
