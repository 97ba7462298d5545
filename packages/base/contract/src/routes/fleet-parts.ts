import { FLEET_PAGE, type FleetRobot, type NewFleetInvitation } from '../schemas/fleet.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter } from './route.ts';

/** Path of all routes of the fleet. */
export const FLEET_PATH = '/x-medkit-fleet';
/** Path of the list of robots, and of one robot. */
export const ROBOTS_PATH = `${FLEET_PATH}/robots`;
export const ROBOT_PATH = `${ROBOTS_PATH}/{robot}`;
/** The gateway is no hub, or its database cannot be used. */
export const FLEET_ERRORS = ['not-implemented', 'service-unavailable'] as const;

/** Returns a query parameter that is a name. */
export const fleetName = (name: string, description: string, example: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: Type.String({ minLength: 1, maxLength: 128 }),
  example,
});

export const robotParameter: Parameter = {
  name: 'robot',
  in: 'path',
  description: 'Name of the robot',
  schema: Type.String({ minLength: 1, maxLength: 128 }),
  example: 'amr-17',
};

/** Filters that lists of robots and lists of faults have. */
export const FLEET_FILTERS: readonly Parameter[] = [
  fleetName('site', 'Only robots of this site', 'berlin'),
  fleetName('label', 'Only robots with this label: `name` or `name=value`', 'model=amr-200'),
  fleetName('group', 'Only robots of this group', 'berlin-amr-200'),
  fleetName('q', 'Only items whose name contains this text', 'amr'),
];

export const FLEET_PAGING: readonly Parameter[] = [
  {
    name: 'limit',
    in: 'query',
    description: `Maximum number of items; default ${FLEET_PAGE.usual}`,
    schema: Type.Integer({ minimum: 1, maximum: FLEET_PAGE.max }),
    example: 50,
  },
  fleetName('cursor', 'Continues after this page: `next_cursor` of the last one', 'YW1yLTE3'),
];

/** An invitation with its code. */
export const invitationExample: NewFleetInvitation = {
  id: '12',
  robot: 'amr-17',
  site: 'berlin',
  state: 'open',
  uses: 1,
  left: 1,
  created_at: '2026-03-20T09:00:00.000Z',
  created_by: 'alice',
  expires_at: '2026-03-20T10:00:00.000Z',
  code: '7KQ29FXMT4VD0RWA',
  link: 'https://hub.example.com/#7KQ2-9FXM-T4VD-0RWA-HB3N-5JX2-K9FX-MT4V-D0RW-AHB3',
};

/** A robot that is away. */
export const robotExample: FleetRobot = {
  id: 'amr-17',
  state: 'approved',
  presence: 'offline',
  since: '2026-03-23T02:14:00.000Z',
  last_seen: '2026-03-23T02:13:31.000Z',
  site: 'berlin',
  labels: { model: 'amr-200' },
  fingerprint: '7KQ29FXMT4VD0RWAHB3N',
  key_added_at: '2026-03-20T09:00:00.000Z',
  machine: { name: 'amr-17', serial: 'A200-0017' },
  enrolled_at: '2026-03-20T09:00:00.000Z',
  approved_at: '2026-03-20T09:04:00.000Z',
  approved_by: 'alice',
  versions: { medkit: '0.3.0', software: 'navigation-2.1.0' },
  address: '203.0.113.7',
  faults: { critical: 1, error: 0, warning: 2, info: 0 },
  as_of: '2026-03-23T02:12:53.000Z',
  log: { id: '6f1d2c0e-8a3b-4c55-9d0f-2b7e61a4c9d3', seq: 412, newest: 412 },
  problems: [],
};
