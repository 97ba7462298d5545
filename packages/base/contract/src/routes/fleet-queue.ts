import { oneOf } from '../schemas/compose.ts';
import {
  FLEET_QUEUE_STATES,
  FleetQueue,
  FleetQueuedRequest,
  MAX_QUEUED_OF_ACCOUNT,
  MAX_QUEUED_OF_ROBOT,
  NewFleetQueuedRequest,
} from '../schemas/fleet-queue.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_PAGING, FLEET_PATH, fleetName, ROBOT_PATH, robotParameter } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const ALL = `${FLEET_PATH}/queue`;
const QUEUE = `${ROBOT_PATH}/queue`;
const REQUEST = `${QUEUE}/{queued}`;

const queuedParameter: Parameter = {
  name: 'queued',
  in: 'path',
  description: 'Number of the request',
  schema: Type.String({ minLength: 1, maxLength: 16 }),
  example: '12',
};

const stateParameter: Parameter = {
  name: 'state',
  in: 'query',
  description: 'Only requests in this state',
  schema: oneOf(...FLEET_QUEUE_STATES),
  example: 'waiting',
};

const clear = { method: 'DELETE', path: '/apps/lidar/faults/LIDAR_DIRTY' } as const;
const waiting: FleetQueuedRequest = {
  id: '12',
  robot: 'amr-17',
  ...clear,
  state: 'waiting',
  created_at: '2026-12-01T09:00:00.000Z',
  created_by: 'user:ada',
  expires_at: '2026-12-02T09:00:00.000Z',
  note: 'the lens is clean',
};
const done: FleetQueuedRequest = {
  ...waiting,
  id: '11',
  state: 'done',
  sent_at: '2026-12-01T09:12:04.000Z',
  ended_at: '2026-12-01T09:12:04.000Z',
  reply: { status: 204 },
};

const replies = {
  200: { description: 'The requests', schema: FleetQueue, example: { items: [waiting, done], total: 2 } },
};

export const listFleetQueuedRequests: RouteFamily<typeof FleetQueue> = [
  {
    method: 'get',
    path: ALL,
    operationId: 'listFleetQueuedRequests',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the queued requests of all robots',
    description:
      'Lists requests that the hub sends when their robots are connected, and those that ended, the newest first.',
    join: 'local',
    parameters: [fleetName('robot', 'Only requests for this robot', 'amr-17'), stateParameter, ...FLEET_PAGING],
    responses: replies,
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];

export const listFleetQueue: RouteFamily<typeof FleetQueue> = [
  {
    method: 'get',
    path: QUEUE,
    operationId: 'listFleetQueue',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the queued requests of a robot',
    description:
      'Lists requests that the hub sends when the robot is connected, and those that ended, the newest first.',
    join: 'local',
    parameters: [robotParameter, stateParameter, ...FLEET_PAGING],
    responses: replies,
    errors: ['resource-not-found', 'invalid-parameter', ...FLEET_ERRORS],
  },
];

export const queueFleetRequest: RouteFamily<typeof FleetQueuedRequest, typeof NewFleetQueuedRequest> = [
  {
    method: 'post',
    path: QUEUE,
    operationId: 'queueFleetRequest',
    permission: 'incidents',
    tag: 'Fleet',
    summary: 'Queue a request for a robot that is away',
    description: `Sends a request when the robot is connected, after the ones queued before it. The caller also needs the permission of the request on the robot, now and when it is sent. Requests that clear faults, set configurations, run scripts, delete files or change subscriptions can be queued; the OpenAPI document marks their operations with \`x-medkit-queueable\`. A request that starts an operation or writes data can be queued if the robot lists it in its setting \`hub.queueable\`, when it is queued and when it is sent. A request that reads, or that may move the robot in another way, cannot. A request that the robot cannot answer now is tried three times more; one without a reply is sent again with its \`Idempotency-Key\`. At most ${MAX_QUEUED_OF_ROBOT} requests of a robot and ${MAX_QUEUED_OF_ACCOUNT} of an account have not ended.`,
    join: 'local',
    parameters: [robotParameter],
    body: {
      schema: NewFleetQueuedRequest,
      description: 'The request',
      examples: {
        'Clear a fault': { ...clear, note: 'the lens is clean' },
        'Set a configuration tonight': {
          method: 'PUT',
          path: '/apps/lidar/configurations/rate',
          body: { data: 5 },
          not_before: '2026-12-01T22:00:00.000Z',
          expires_at: '2026-12-02T04:00:00.000Z',
        },
      },
    },
    responses: { 202: { description: 'Queued', schema: FleetQueuedRequest, example: waiting } },
    errors: [
      'resource-not-found',
      'invalid-parameter',
      'precondition-not-fulfilled',
      'x-medkit-not-queueable',
      ...FLEET_ERRORS,
    ],
  },
];

export const getFleetQueuedRequest: RouteFamily<typeof FleetQueuedRequest> = [
  {
    method: 'get',
    path: REQUEST,
    operationId: 'getFleetQueuedRequest',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'Read a queued request',
    description: 'Returns the state of a queued request, and the reply of the robot.',
    join: 'local',
    parameters: [robotParameter, queuedParameter],
    responses: { 200: { description: 'The request', schema: FleetQueuedRequest, example: done } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const cancelFleetQueuedRequest: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: REQUEST,
    operationId: 'cancelFleetQueuedRequest',
    permission: 'incidents',
    tag: 'Fleet',
    summary: 'Cancel a queued request',
    description:
      'Cancels a request that was not sent yet. A request without a reply is not sent again, and stays `unknown`: check the robot. The caller also needs the permission of the request on the robot.',
    join: 'local',
    parameters: [robotParameter, queuedParameter],
    responses: { 204: { description: 'Cancelled' } },
    errors: ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];
