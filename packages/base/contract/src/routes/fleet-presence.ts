import { FleetRobot } from '../schemas/fleet.ts';
import { type FleetPark, FleetParkRequest, FleetPresenceList } from '../schemas/fleet-presence.ts';
import { FLEET_ERRORS, FLEET_PAGING, ROBOT_PATH, robotExample, robotParameter } from './fleet-parts.ts';
import type { RouteFamily } from './route.ts';

const park: FleetPark = {
  from: '2026-03-23T08:00:00.000Z',
  until: '2026-03-24T08:00:00.000Z',
  active: true,
  note: 'new wheels',
  by: 'alice',
  at: '2026-03-23T08:00:00.000Z',
};
const parked: FleetRobot = {
  ...robotExample,
  presence: 'expected_offline',
  absence: { reason: 'park', since: park.from, until: park.until, note: park.note },
  park,
};

export const parkFleetRobot: RouteFamily<typeof FleetRobot, typeof FleetParkRequest> = [
  {
    method: 'post',
    path: `${ROBOT_PATH}/park`,
    operationId: 'parkFleetRobot',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Announce that a robot will be away',
    description:
      'While the robot is parked and not connected, its presence is `expected_offline`. A park ends by itself at `until` or after `minutes`, otherwise when a person ends it; another request replaces it.',
    join: 'local',
    parameters: [robotParameter],
    body: {
      schema: FleetParkRequest,
      description: 'When, and why',
      examples: { 'For a day': { minutes: 1440, note: 'new wheels' }, 'Until a person ends it': {} },
    },
    responses: { 200: { description: 'The parked robot', schema: FleetRobot, example: parked } },
    errors: ['resource-not-found', 'invalid-parameter', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const unparkFleetRobot: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: `${ROBOT_PATH}/park`,
    operationId: 'unparkFleetRobot',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'End the park of a robot',
    description: 'A robot that is not connected is `offline` from now on, unless its site has quiet hours.',
    join: 'local',
    parameters: [robotParameter],
    responses: { 204: { description: 'Ended' } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const listFleetPresence: RouteFamily<typeof FleetPresenceList> = [
  {
    method: 'get',
    path: `${ROBOT_PATH}/presence`,
    operationId: 'listFleetPresence',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List when a robot was connected',
    description:
      'Lists changes of presence, the newest first. `late` and `never` are not in it: a hub does not store each ping.',
    join: 'local',
    parameters: [robotParameter, ...FLEET_PAGING],
    responses: {
      200: {
        description: 'The changes',
        schema: FleetPresenceList,
        example: {
          items: [
            { at: '2026-03-23T08:14:00.000Z', presence: 'expected_offline', reason: 'parked by alice: new wheels' },
            { at: '2026-03-23T06:00:00.000Z', presence: 'online', reason: 'connected from 203.0.113.7' },
          ],
        },
      },
    },
    errors: ['resource-not-found', 'invalid-parameter', ...FLEET_ERRORS],
  },
];
