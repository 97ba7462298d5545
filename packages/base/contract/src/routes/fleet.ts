import { oneOf } from '../schemas/compose.ts';
import { FAULT_SEVERITIES } from '../schemas/fault-severity.ts';
import { FleetFaultList, type FleetHub, FleetHub as FleetHubSchema, FleetOverview } from '../schemas/fleet.ts';
import { FLEET_ERRORS, FLEET_FILTERS, FLEET_PAGING, FLEET_PATH, fleetName } from './fleet-parts.ts';
import type { RouteFamily } from './route.ts';

const hub: FleetHub = { fingerprint: '5JX2K9FXMT4VD0RWAHB3' };

export const getFleet: RouteFamily<typeof FleetOverview> = [
  {
    method: 'get',
    path: FLEET_PATH,
    operationId: 'getFleet',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'Count the robots of the fleet',
    description:
      'Counts robots and active faults by presence, severity, version and site, and names the use of each quota.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The numbers',
        schema: FleetOverview,
        example: {
          robots: 2,
          states: { approved: 2 },
          presence: { online: 1, expected_offline: 1 },
          severity: { critical: 1, none: 1 },
          faults: { critical: 1, error: 0, warning: 2, info: 0 },
          versions: [{ version: '0.3.0', robots: 2, online: 1, critical: 1, error: 0 }],
          sites: [{ site: 'berlin', robots: 2, online: 1, critical: 1, error: 0 }],
          quotas: [{ quota: 'robots', used: 2, limit: 100, remedy: 'Retire robots, or raise the quota' }],
        },
      },
    },
    errors: FLEET_ERRORS,
  },
];

export const getFleetHub: RouteFamily<typeof FleetHubSchema> = [
  {
    method: 'get',
    path: `${FLEET_PATH}/hub`,
    operationId: 'getFleetHub',
    permission: 'public',
    tag: 'Fleet',
    summary: 'Show the key of the hub',
    description: 'Returns the fingerprint that the link of an invitation contains.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The hub',
        schema: FleetHubSchema,
        example: hub,
      },
    },
    errors: FLEET_ERRORS,
  },
];

export const openFleetUplink: RouteFamily<typeof FleetHubSchema> = [
  {
    method: 'get',
    path: `${FLEET_PATH}/uplink`,
    operationId: 'openFleetUplink',
    permission: 'public',
    tag: 'Fleet',
    summary: 'Open the uplink of a robot',
    description:
      'Upgrades to a WebSocket with TLS 1.3 inside, in which robot and hub prove their keys. Robots use it to enrol and to stay connected. If a proxy removes `Upgrade: websocket`, the reply is 200.',
    join: 'local',
    parameters: [],
    responses: {
      101: { description: 'The WebSocket' },
      200: { description: 'The hub, if the request does not upgrade', schema: FleetHubSchema, example: hub },
    },
    errors: FLEET_ERRORS,
  },
];

export const listFleetFaults: RouteFamily<typeof FleetFaultList> = [
  {
    method: 'get',
    path: `${FLEET_PATH}/faults`,
    operationId: 'listFleetFaults',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the active faults of all robots',
    description:
      'Lists confirmed faults, the most severe first, also of robots that are offline: `as_of` says until when changes are known.',
    join: 'local',
    parameters: [
      fleetName('robot', 'Only faults of this robot', 'amr-17'),
      fleetName('code', 'Only faults with this code', 'MOTOR_OVERTEMP'),
      {
        name: 'severity',
        in: 'query',
        description: 'Only faults of at least this severity',
        schema: oneOf(...FAULT_SEVERITIES.parameters),
        example: 'error',
      },
      ...FLEET_FILTERS,
      ...FLEET_PAGING,
    ],
    responses: {
      200: {
        description: 'The faults',
        schema: FleetFaultList,
        example: {
          items: [
            {
              robot: 'amr-17',
              site: 'berlin',
              presence: 'offline',
              as_of: '2026-03-23T02:12:53.000Z',
              fault: { fault_code: 'MOTOR_OVERTEMP', severity: 3, severity_label: 'CRITICAL', status: 'CONFIRMED' },
              evidence: [
                {
                  evidence: 'recording',
                  id: 'fault_MOTOR_OVERTEMP_1774232078000 MOTOR_OVERTEMP',
                  occurrence: 1,
                  recording_id: 'fault_MOTOR_OVERTEMP_1774232078000',
                  format: 'mcap',
                  size_bytes: 186_355,
                  duration_sec: 9,
                  end: '2026-03-23T02:14:39.000Z',
                },
              ],
            },
          ],
          total: 1,
        },
      },
    },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];
