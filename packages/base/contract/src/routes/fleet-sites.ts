import { FLEET_LABELS } from '../schemas/fleet.ts';
import {
  type FleetSite,
  FleetSiteList,
  FleetSiteSchedule,
  FleetSite as FleetSiteSchema,
  MAX_FLEET_SITES,
} from '../schemas/fleet-sites.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_PATH } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const SITES = `${FLEET_PATH}/sites`;

const siteParameter: Parameter = {
  name: 'site',
  in: 'path',
  description: 'Name of the site',
  schema: Type.String({ minLength: 1, maxLength: FLEET_LABELS.maxLength }),
  example: 'berlin',
};

const schedule = { zone: 'Europe/Berlin', quiet_hours: ['22:00-06:00', 'sat,sun 00:00-24:00'] };
const berlin: FleetSite = {
  id: 'berlin',
  robots: 12,
  ...schedule,
  maintenance: [],
  absence: { reason: 'quiet_hours', until: '2026-03-23T05:00:00.000Z' },
  changed_at: '2026-03-20T09:00:00.000Z',
  changed_by: 'alice',
};

export const listFleetSites: RouteFamily<typeof FleetSiteList> = [
  {
    method: 'get',
    path: SITES,
    operationId: 'listFleetSites',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the sites of the fleet',
    description: 'Lists sites with a schedule and sites that robots have, by name.',
    join: 'local',
    parameters: [],
    responses: { 200: { description: 'The sites', schema: FleetSiteList, example: { items: [berlin] } } },
    errors: FLEET_ERRORS,
  },
];

export const setFleetSite: RouteFamily<typeof FleetSiteSchema, typeof FleetSiteSchedule> = [
  {
    method: 'put',
    path: `${SITES}/{site}`,
    operationId: 'setFleetSite',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Set the time zone and the schedule of a site',
    description: `Replaces the time zone, the quiet hours and the maintenance windows of a site. Its robots that are not connected during these are \`expected_offline\`. At most ${MAX_FLEET_SITES} sites have a schedule.`,
    join: 'local',
    parameters: [siteParameter],
    body: {
      schema: FleetSiteSchedule,
      description: 'The schedule',
      examples: {
        'Nights and weekends': schedule,
        'A maintenance window': {
          zone: 'Europe/Berlin',
          maintenance: [{ from: '2026-03-28T06:00:00Z', until: '2026-03-28T18:00:00Z', note: 'new floor' }],
        },
      },
    },
    responses: { 200: { description: 'The site', schema: FleetSiteSchema, example: berlin } },
    errors: ['invalid-parameter', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const deleteFleetSite: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: `${SITES}/{site}`,
    operationId: 'deleteFleetSite',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Delete the schedule of a site',
    description: 'Its robots stay at the site, and are not expected to be away any more.',
    join: 'local',
    parameters: [siteParameter],
    responses: { 204: { description: 'Deleted' } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];
