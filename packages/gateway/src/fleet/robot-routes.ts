import { ALL_ROUTES, API_BASE, type Method, type Need, type Route } from '@medkit/contract';
import type { Clock } from '@medkit/edges';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Recorder } from '../http/chain.ts';
import { isEventRoute, sendEvents } from '../http/event-reply.ts';
import { RequestExchange, UNCHANGED_NOTE } from '../http/exchange.ts';
import { ForwardedReply, sendForwarded } from '../http/forwarded-reply.ts';
import { routerUrl } from '../http/register-routes.ts';
import { isAuthorised, notAuthorised } from '../security/authorise.ts';
import type { RobotRequests } from './robot-requests.ts';
import type { RobotStreams } from './robot-streams.ts';

/** Name of the path parameter: routes of the contract have others. */
export const ROBOT_PARAMETER = 'fleet_robot';
/** For paths without a route in the contract: those of plugins of the robot. */
const UNKNOWN_ROUTE = {
  path: '/x-robot',
  operationId: 'requestOfRobot',
  tag: 'Plugins',
  summary: 'Forward a request to a robot',
  description: 'A path that only the robot knows.',
  parameters: [],
  responses: {},
  errors: [],
} as const;
/** The permission that a path without a route in the contract needs, as on the robot. */
const UNKNOWN: readonly (readonly [Method, Need])[] = [
  ['get', 'read'],
  ['put', 'plugins'],
  ['post', 'plugins'],
  ['delete', 'plugins'],
];

export interface RobotRoutesOptions {
  readonly requests: RobotRequests;
  readonly streams: RobotStreams;
  readonly clock: Clock;
  /** Opens and closes the audit records of requests. */
  readonly record: Recorder;
}

/**
 * Registers the API of the robots: each route of the contract below `/fleet/{robot}`, with the permission, the rate limit
 * and the audit record that it has on this gateway, and all other paths of the API. The pages of a robot are not served.
 */
export function robotRoutes(app: FastifyInstance, options: RobotRoutesOptions): void {
  app.register(async (scope) => {
    // Uploads and other bodies that are not JSON go to the robot unread.
    scope.addContentTypeParser('*', (_request, _body, done) => done(null));
    for (const route of ALL_ROUTES) register(scope, route, routerUrl(route), options);
    for (const [method, permission] of UNKNOWN) {
      register(scope, { ...UNKNOWN_ROUTE, method, permission }, `${API_BASE}/*`, options);
    }
  });
}

function register(scope: FastifyInstance, route: Route, url: string, options: RobotRoutesOptions): void {
  const { method, body } = route;
  scope.route({
    method: method === 'get' ? ['GET', 'HEAD'] : [method],
    url: `/fleet/:${ROBOT_PARAMETER}${url}`,
    config: { permission: needOf(route), route, carriesMessage: body?.carriesMessage === true },
    exposeHeadRoute: false,
    handler: (request, reply) => answer(route, request, reply, options),
    ...options.record(route),
  });
}

/**
 * Returns the permission for a route of a robot. Public routes are public on the robot itself only: a login there must
 * not be tried through the hub.
 */
function needOf({ method, permission }: Route): Need {
  if (permission !== 'public') return permission;
  return method === 'get' ? 'read' : 'plugins';
}

async function answer(
  route: Route,
  request: FastifyRequest,
  reply: FastifyReply,
  { requests, streams, clock }: RobotRoutesOptions,
): Promise<FastifyReply> {
  // Besides the permission of the route.
  if (!isAuthorised(request.principal, 'fleet.read')) throw notAuthorised(request.principal, 'fleet.read');
  const robot = (request.params as Readonly<Record<string, string>>)[ROBOT_PARAMETER] ?? '';
  const exchange = new RequestExchange(route, request, reply, clock);
  exchange.note({ robot });
  const forwarded = { robot, route, request, reply, exchange };
  if (isEventRoute(route) && request.method === 'GET') return sendEvents(request, reply, streams.open(forwarded));
  const answered = await requests.send(forwarded);
  // An artifact takes many requests: the audit log records the last one, like that of the robot.
  if (route.body?.media === 'application/x-tar' && answered.status === 202) exchange.note({ [UNCHANGED_NOTE]: '' });
  return sendForwarded(request, reply, new ForwardedReply(answered));
}
