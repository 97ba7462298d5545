import { Readable } from 'node:stream';
import { API_BASE, type FleetRobot, isQueueable, isRobotConnected, type Route, SovdError } from '@medkit/contract';
import { type ForwardReply, fieldsOf, stringifyJson } from '@medkit/core';
import type { Fleet } from '@medkit/fleet';
import { stored } from '../database/store-errors.ts';
import { nameIn } from '../uplink/queued-guard.ts';
import { type KnownReply, type KnownRequest, knownReplies } from './known-replies.ts';
import { queueOf } from './queue/queue-handlers.ts';
import { apiOf, replaceAddresses } from './replace-addresses.ts';

interface AwayRequest {
  readonly robot: string;
  /** The route of the contract; absent if the path is none. */
  readonly route: KnownRequest['route'] | undefined;
  readonly method: string;
  readonly exchange: KnownRequest['exchange'];
}

/**
 * Returns a function that answers a request for a robot that is not connected: with what the hub knows, marked as
 * stale, if it reads entities, active faults or open incidents. Otherwise it throws `not-responding` with the time
 * since when the robot is away, or `resource-not-found` if the hub has no such robot.
 */
export function robotsAway(
  fleet: Pick<Fleet, 'faults' | 'known' | 'robot'>,
): (request: AwayRequest) => Promise<ForwardReply> {
  const replies = knownReplies(fleet);
  return async ({ robot: name, route, method, exchange }) => {
    const robot = await knownRobot(fleet, name);
    const isRead = method === 'GET' || method === 'HEAD';
    const known = isRead && route && robot.state === 'approved' && (await replies({ robot, route, exchange }));
    if (known) return staleReply(robot, known);
    throw notResponding(robot, route && { route, name: nameIn(route, exchange) });
  };
}

/** Returns a robot of the hub. Throws `resource-not-found`. */
export async function knownRobot(fleet: Pick<Fleet, 'robot'>, name: string): Promise<FleetRobot> {
  const robot = await stored(() => fleet.robot(name));
  if (robot) return robot;
  throw new SovdError({ code: 'resource-not-found', message: `The hub has no robot ${name}` });
}

/** A request for a robot that is away, with the name that `hub.queueable` of the robot may list. */
interface WaitingRequest {
  readonly route: Route;
  readonly name: string | undefined;
}

/** The error for a request that only a connected robot can answer. Names the queue if it can wait for the robot. */
export function notResponding(robot: FleetRobot, request?: WaitingRequest): SovdError {
  const { id, state, presence, since, last_seen } = robot;
  const present = Object.entries({ since, last_seen }).filter(([, time]) => time !== undefined);
  const isListed = request?.name !== undefined && robot.inventory?.queueable?.includes(request.name);
  const canWait = request && state === 'approved' && (isListed || isQueueable(request.route));
  const queue = canWait ? queueOf(id) : undefined;
  const remedy = queue === undefined ? '' : `. POST ${API_BASE}${queue} sends the request when the robot is back`;
  const message = `The robot ${id} is ${whereabouts(robot)}: only its last known entities, active faults and open incidents can be read${remedy}`;
  return new SovdError({
    code: 'not-responding',
    message,
    parameters: { robot: id, state, presence, ...Object.fromEntries(present), ...(queue !== undefined && { queue }) },
  });
}

/** Returns the state of a robot that is not connected, such as `away since 2026-11-27T08:00:00.000Z`. */
export function whereabouts({ state, presence, since, absence }: FleetRobot): string {
  if (state !== 'approved') return state;
  if (presence === 'never') return 'not connected yet';
  const away = typeof since === 'string' ? `away since ${since}` : 'away';
  if (!absence) return away;
  return `${away}, as announced${absence.until ? ` until ${absence.until}` : ''}`;
}

function staleReply({ id, since, presence }: FleetRobot, { body, atMs }: KnownReply): ForwardReply {
  const about = {
    ...fieldsOf((body as { readonly 'x-medkit'?: unknown })['x-medkit'] as never),
    ...{ as_of: new Date(atMs).toISOString(), stale: true, ...(since && { since }) },
    // Its session ended a moment ago if the record has it as connected.
    robot: isRobotConnected(presence) ? 'offline' : presence,
  };
  const text = stringifyJson({ ...body, 'x-medkit': about } as never);
  return {
    status: 200,
    headers: {
      'content-type': 'application/json',
      'last-modified': new Date(atMs).toUTCString(),
      warning: '110 - "Response is Stale"',
    },
    octets: replaceAddresses(Buffer.from(text), API_BASE, apiOf(id)),
    body: Readable.from([], { objectMode: false }),
    close: () => undefined,
  };
}
