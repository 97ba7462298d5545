import { API_BASE, FORWARDED_HEADERS, OVER_BUDGET_HEADER, PEER_HEADERS, type Route, SovdError } from '@medkit/contract';
import { errorMessage, type ForwardReply, ownerOf } from '@medkit/core';
import { type HttpStreamReply, Quota, ReplyMissing } from '@medkit/edges';
import type { Fleet } from '@medkit/fleet';
import { pickedHeaders, returnedHeaders } from '@medkit/peer';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { CALL_TIMEOUT_MS, type Exchange } from '../http/exchange.ts';
import { addressPrefix } from '../limits/address-prefix.ts';
import { onBehalfOf } from '../security/delegation.ts';
import { apiOf, replaceAddresses, replacedBody, replaceInQuery } from './replace-addresses.ts';
import { robotsAway } from './robot-away.ts';
import type { RobotSession, RobotSessions } from './robot-sessions.ts';

/** Requests of all clients to one robot: its streams are limited. */
const MAX_IN_FLIGHT = 64;
/** Requests of one client to one robot. */
const MAX_IN_FLIGHT_OF_CLIENT = 16;
/** Bodies of at most this many bytes are returned whole, with their length. */
const WHOLE_BYTES = 65_536;
/** Documents and streams of the API; files of other types are not changed. */
const HAS_ADDRESSES = /^(?:application\/(?:[\w.-]+\+)?json|application\/x-ndjson|text\/event-stream)\s*(?:;|$)/i;

export interface RobotRequestsOptions {
  readonly fleet: Pick<Fleet, 'faults' | 'known' | 'robot'>;
  readonly sessions: Pick<RobotSessions, 'get'>;
  /** Name of this hub for the audit records of robots. */
  readonly hubName: string;
  /** Timeout of changing requests: a robot may wait for a service. */
  readonly changeTimeoutMs: number;
}

/** A request of a client for the API of a robot. */
export interface RobotRequest {
  readonly robot: string;
  /** The route of the contract; absent if the path is none. */
  readonly route: Route | undefined;
  readonly request: FastifyRequest;
  readonly reply: FastifyReply;
  readonly exchange: Pick<Exchange, 'call' | 'entityId' | 'forwarded' | 'kind' | 'path' | 'query'>;
}

/** Forwards requests to robots. */
export interface RobotRequests {
  /**
   * Sends a request to a robot, as the client and with at most its permissions, and returns the reply with the addresses
   * of this hub. For a robot that is away, returns what the hub knows. Throws `not-responding` if it is away,
   * `rate-limit-exceeded` or `service-unavailable` at too many requests, and `x-medkit-outcome-unknown` if a change was
   * sent and not answered.
   */
  send(request: RobotRequest): Promise<ForwardReply>;
  /** Counts a request until its reply ends. Throws at too many requests, like `send`. */
  count(request: RobotRequest): void;
  /**
   * Sends a request that was counted, as `send` does; `undefined` if the robot is away. An event stream begins after
   * `lastEventId` if one is given.
   */
  ask(request: RobotRequest, lastEventId?: string): Promise<ForwardReply | undefined>;
  readonly quotas: { figures(): ReturnType<Quota['figures']> };
}

export function robotRequests(options: RobotRequestsOptions): RobotRequests {
  const { fleet, sessions, changeTimeoutMs } = options;
  const replyForAway = robotsAway(fleet);
  const robotAway = ({ robot, route, request, exchange }: RobotRequest) =>
    replyForAway({ robot, route, method: request.method, exchange });
  /** Requests in flight of each connected robot. */
  const quotas = new Map<string, Quota>();
  let refused = 0;

  const count = ({ robot, request, reply }: RobotRequest): void => {
    const quota = quotas.get(robot) ?? new Quota(MAX_IN_FLIGHT);
    quotas.set(robot, quota);
    const owner = ownerOf({ principal: request.principal, source: addressPrefix(request.ip) });
    const isTooMany = owner !== undefined && quota.heldBy(owner) >= MAX_IN_FLIGHT_OF_CLIENT;
    if (isTooMany || !quota.take(owner)) {
      refused += 1;
      reply.header('retry-after', '1');
      throw tooMany(robot, isTooMany ? MAX_IN_FLIGHT_OF_CLIENT : undefined);
    }
    const leave = (): void => {
      quota.release(owner);
      if (quota.total === 0) quotas.delete(robot);
    };
    if (reply.raw.destroyed) leave();
    else reply.raw.once('close', leave);
  };
  const ask: RobotRequests['ask'] = async (asked, lastEventId) => {
    const { robot, route, request } = asked;
    const session = sessions.get(robot);
    if (!session) return undefined;
    const isRead = request.method === 'GET' || request.method === 'HEAD';
    try {
      const timeoutMs = isRead ? CALL_TIMEOUT_MS : changeTimeoutMs;
      const got = await open(session, asked, { hubName: options.hubName, timeoutMs, lastEventId });
      if (got.status !== 401 && got.status <= 599) return returned(got, robot, route);
      got.close();
      throw new SovdError({
        code: 'x-medkit-peer-unavailable',
        message: `The robot ${robot} answered ${got.status}: it does not accept the requests of this hub`,
        parameters: { robot },
      });
    } catch (error) {
      if (error instanceof SovdError) throw error;
      if (error instanceof ReplyMissing && !isRead) throw outcomeUnknown(robot, errorMessage(error));
      if (session.signal.aborted) return undefined;
      const message = `The robot ${robot} does not answer: ${errorMessage(error)}`;
      throw new SovdError({ code: 'not-responding', message, parameters: { robot } });
    }
  };
  return {
    count,
    ask,
    send: async (asked) => {
      if (sessions.get(asked.robot)) count(asked);
      return (await ask(asked)) ?? robotAway(asked);
    },
    quotas: { figures: () => Quota.fullest(quotas.values(), MAX_IN_FLIGHT, refused) },
  };
}

interface SendOptions extends Pick<RobotRequestsOptions, 'hubName'> {
  readonly timeoutMs: number;
  readonly lastEventId: string | undefined;
}

function open(
  session: RobotSession,
  { robot, route, request, exchange }: RobotRequest,
  { hubName, timeoutMs, lastEventId }: SendOptions,
): Promise<HttpStreamReply> {
  const { method, headers, body } = exchange.forwarded(request.body);
  const isStream = body !== undefined && !(body instanceof Uint8Array);
  const length = headers['content-length'];
  const { signal, trace } = exchange.call(timeoutMs);
  const isFile =
    route?.permission === 'files.read' ||
    route?.permission === 'files.write' ||
    route?.body?.media === 'application/x-tar';
  const clientId = headers['x-client-id'];
  const client = onBehalfOf(request) ?? request.principal.id;
  const path = request.url.slice(request.url.indexOf('/', '/fleet/'.length));
  return (isFile ? session.files : session.gateway).open({
    method,
    // The name of the robot may be percent-encoded in the address.
    url: `http://localhost${replaceInQuery(path, apiOf(robot), API_BASE)}`,
    headers: {
      ...pickedHeaders(headers, [...FORWARDED_HEADERS, OVER_BUDGET_HEADER]),
      // A person waits for the reply: it counts so in the data budget of the robot.
      'x-medkit-class': '3',
      ...(trace !== undefined && { traceparent: trace }),
      ...(lastEventId !== undefined && { 'last-event-id': lastEventId }),
      ...(isStream && length !== undefined && { 'content-length': String(length) }),
      [PEER_HEADERS.onBehalfOf]: `${client}@${hubName}`.replaceAll(/[^\w.@:+-]/g, '_').slice(0, 128),
      [PEER_HEADERS.permissions]: [...request.principal.permissions].join(','),
      'x-client-id': `hub:${client}${clientId === undefined ? '' : `:${clientId}`}`,
    },
    ...(body && { body: isStream ? body : replaceAddresses(body, apiOf(robot), API_BASE) }),
    timeoutMs,
    wholeBytes: WHOLE_BYTES,
    signal: AbortSignal.any([signal, session.signal]),
  });
}

/** Returns a reply with the addresses of this hub. */
function returned(got: HttpStreamReply, robot: string, route: Route | undefined): ForwardReply {
  const { location, ...headers } = returnedHeaders(got.headers);
  const located: ForwardReply['headers'] = {
    ...headers,
    ...(location !== undefined && { location: `/fleet/${robot}${replaceInQuery(location, API_BASE, apiOf(robot))}` }),
  };
  if (!HAS_ADDRESSES.test(headers['content-type'] ?? '')) return { ...got, headers: located };
  const { 'content-length': _length, ...others } = located;
  if (got.octets) {
    const octets = replaceAddresses(got.octets, API_BASE, apiOf(robot));
    return { ...got, headers: others, octets };
  }
  // An event stream is passed on event by event, which the route knows.
  if (route?.responses[200]?.media === 'text/event-stream') return { ...got, headers: others };
  return { ...got, headers: others, body: replacedBody(got.body, API_BASE, apiOf(robot)) };
}

function tooMany(robot: string, limit: number | undefined): SovdError {
  const parameters = { robot, limit: limit ?? MAX_IN_FLIGHT, retry_after: 1 };
  if (limit === undefined) {
    const message = `The robot ${robot} has too many requests in flight: try again in a second`;
    return new SovdError({ code: 'service-unavailable', message, parameters });
  }
  const message = `You have ${limit} requests to the robot ${robot} in flight: wait for one of them`;
  return new SovdError({ code: 'rate-limit-exceeded', message, parameters });
}

function outcomeUnknown(robot: string, reason: string): SovdError {
  const message = `The change was sent to the robot ${robot}, and its outcome is unknown: ${reason}`;
  return new SovdError({ code: 'x-medkit-outcome-unknown', message, parameters: { robot, details: reason } });
}
