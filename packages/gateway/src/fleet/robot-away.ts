import { Readable } from 'node:stream';
import { FLEET_PAGE, type FleetFault, type FleetRobot, type Route, SovdError } from '@medkit/contract';
import type { ForwardReply } from '@medkit/core';
import type { Fleet } from '@medkit/fleet';
import type { FastifyRequest } from 'fastify';
import { stored } from '../database/store-errors.ts';

/** Pages of the last known faults: a robot has at most 1,000. */
const MAX_PAGES = 4;

interface AwayRequest {
  readonly robot: string;
  /** The route of the contract; absent if the path is none. */
  readonly route: Pick<Route, 'operationId'> | undefined;
  readonly request: Pick<FastifyRequest, 'method' | 'query'>;
}

/**
 * Answers a request for a robot that is not connected: with its last known faults if it asks for the active faults,
 * marked as stale. Throws `resource-not-found` if the hub has no such robot, and `not-responding` with the time since
 * when it is away otherwise.
 */
export async function robotAway(
  fleet: Pick<Fleet, 'faults' | 'robot'>,
  { robot: name, route, request }: AwayRequest,
): Promise<ForwardReply> {
  const robot = await stored(() => fleet.robot(name));
  if (!robot) throw new SovdError({ code: 'resource-not-found', message: `The hub has no robot ${name}` });
  const { status = 'confirmed' } = request.query as { readonly status?: string };
  const isRead = request.method === 'GET' || request.method === 'HEAD';
  const asksForFaults = isRead && route?.operationId === 'listAllFaults' && status === 'confirmed';
  if (asksForFaults && robot.state === 'approved' && robot.as_of) return lastFaults(fleet, robot);
  const { state, presence, since, last_seen } = robot;
  const present = Object.entries({ since, last_seen }).filter(([, time]) => time !== undefined);
  const message = `The robot ${name} is ${whereabouts(robot)}: only its last known faults can be read`;
  throw new SovdError({
    code: 'not-responding',
    message,
    parameters: { robot: name, state, presence, ...Object.fromEntries(present) },
  });
}

function whereabouts({ state, presence, since }: FleetRobot): string {
  if (state !== 'approved') return state;
  if (presence === 'never') return 'not connected yet';
  return typeof since === 'string' ? `away since ${since}` : 'away';
}

async function lastFaults(fleet: Pick<Fleet, 'faults'>, { id, since, as_of }: FleetRobot): Promise<ForwardReply> {
  const items: FleetFault[] = [];
  let cursor: string | undefined;
  for (let page = 0; page < MAX_PAGES; page += 1) {
    const query = { robot: id, limit: FLEET_PAGE.max, ...(cursor !== undefined && { cursor }) };
    const found = await stored(() => fleet.faults(query));
    items.push(...found.items);
    cursor = found.next;
    if (cursor === undefined) break;
  }
  const document = {
    items: items.map(({ fault }) => fault),
    'x-medkit': { count: items.length, as_of, stale: true, robot: 'offline', ...(since && { since }) },
  };
  return {
    status: 200,
    headers: { 'content-type': 'application/json', warning: '110 - "Response is Stale"' },
    octets: Buffer.from(JSON.stringify(document)),
    body: Readable.from([], { objectMode: false }),
    close: () => undefined,
  };
}
