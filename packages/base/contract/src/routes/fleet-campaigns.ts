import { oneOf } from '../schemas/compose.ts';
import { type FleetCampaignPlan, NewFleetCampaign } from '../schemas/fleet-campaign-plan.ts';
import {
  FLEET_CAMPAIGN_ROBOT_STATES,
  FLEET_CAMPAIGN_STATES,
  type FleetCampaign,
  FleetCampaignApproval,
  FleetCampaignDetail,
  FleetCampaignList,
  FleetCampaignRobotList,
  FleetCampaignStop,
  MAX_RUNNING_CAMPAIGNS,
} from '../schemas/fleet-campaigns.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_PAGING, FLEET_PATH } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const CAMPAIGNS = `${FLEET_PATH}/campaigns`;
const CAMPAIGN = `${CAMPAIGNS}/{campaign}`;
const CHANGE_ERRORS = ['resource-not-found', 'precondition-not-fulfilled', ...FLEET_ERRORS] as const;

const campaignParameter: Parameter = {
  name: 'campaign',
  in: 'path',
  description: 'Name of the campaign',
  schema: Type.String({ minLength: 1, maxLength: 128 }),
  example: 'slower-in-halls',
};

const plan: FleetCampaignPlan = {
  kind: 'configuration',
  changes: [{ entity: 'apps/controller_server', parameter: 'max_vel_x', from: 0.5, to: 0.4 }],
  targets: { group: 'berlin-amr-200', exclude: ['amr-03'] },
  waves: [{ robots: ['amr-17'] }, { percent: 25, spread: 'site' }, { percent: 100 }],
  limits: { in_progress: 20, per_site_percent: 30, start_within: '22:00-05:00' },
  conditions: ['apps/battery_monitor/data/battery_state/percentage > 0.5', 'no lock', 'no execution'],
  gate: { soak_sec: 3600, least_done: 1, new_issue: { severity: 'error', robots: 2 } },
  on_stop: 'roll_back_all',
  expires: '2026-12-20T00:00:00.000Z',
};
const campaign: FleetCampaign = {
  id: 'slower-in-halls',
  kind: 'configuration',
  state: 'running',
  created_at: '2026-12-01T09:00:00.000Z',
  created_by: 'alice',
  expires_at: '2026-12-20T00:00:00.000Z',
  wave: 2,
  wave_count: 3,
  robots: 12,
  states: { selected: 9, soaking: 2, done: 1 },
};
const detail: FleetCampaignDetail = {
  ...campaign,
  plan,
  waves: [
    { wave: 1, robots: 1, opened_at: '2026-12-01T09:00:00.000Z', states: { done: 1 } },
    { wave: 2, robots: 2, opened_at: '2026-12-01T10:00:05.000Z', states: { soaking: 2 } },
    { wave: 3, robots: 9, waits_for: '1 robot of wave 2 must be done', states: { selected: 9 } },
  ],
  gate: {
    soak_sec: 3600,
    least_done: 1,
    failed: { robots: 0, ended: 1, least: 1, percent: 5 },
    lost: { robots: 0, limit: 1 },
    new_issue: { severity: 'error', robots: 2 },
    errors: {
      changed: { errors: 1, hours: 4.5 },
      before: { errors: 2, hours: 4.5 },
      others: { errors: 6, hours: 13.5 },
      rate_ratio: 3,
    },
  },
  sites: [{ site: 'berlin', robots: 12, in_progress: 0, at_a_time: 3, zone: 'Europe/Berlin' }],
};
const { gate: _, ...ungated } = detail;
const { wave: __, ...unopened } = ungated;
const planned: FleetCampaignDetail = {
  ...{ ...unopened, state: 'planned', states: { selected: 12 } },
  waves: detail.waves.map(({ wave, robots }) => ({ wave, robots, states: { selected: robots } })),
};
const stopped: FleetCampaignDetail = {
  ...detail,
  state: 'stopped',
  reason: 'the robots drift in hall 3',
  roll_back: 'roll_back_all',
  stopped_at: '2026-12-01T10:20:00.000Z',
  stopped_by: 'bob',
};

export const listFleetCampaigns: RouteFamily<typeof FleetCampaignList> = [
  {
    method: 'get',
    path: CAMPAIGNS,
    operationId: 'listFleetCampaigns',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the campaigns',
    description: 'Lists changes that the hub carries to many robots in waves, the newest first.',
    join: 'local',
    parameters: [
      {
        name: 'state',
        in: 'query',
        description: 'Only campaigns in this state',
        schema: oneOf(...FLEET_CAMPAIGN_STATES),
        example: 'running',
      },
      ...FLEET_PAGING,
    ],
    responses: {
      200: { description: 'The campaigns', schema: FleetCampaignList, example: { items: [campaign], total: 1 } },
    },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];

export const createFleetCampaign: RouteFamily<typeof FleetCampaignDetail, typeof NewFleetCampaign> = [
  {
    method: 'post',
    path: CAMPAIGNS,
    operationId: 'createFleetCampaign',
    permission: 'campaigns.write',
    tag: 'Fleet',
    summary: 'Create a campaign',
    description: `Selects the robots of each wave, and begins with the first wave. A configuration reads the values before it sets new ones; a request is sent once to each robot; a script is uploaded where it is absent, and runs once; an update transfers an artifact of the hub, installs it, and confirms it when the robot has connected again. The caller also needs the permission of the change on the robots; a script needs \`scripts.run\`, and with a text \`scripts.write\`, at the time of each execution, too. With \`dry_run\`, returns the waves and creates nothing. Campaigns that have not ended are limited by the quota \`fleet.quota.campaigns\`, at most ${MAX_RUNNING_CAMPAIGNS}.`,
    join: 'local',
    parameters: [],
    body: {
      schema: NewFleetCampaign,
      description: 'The plan',
      examples: { 'A slower speed in three waves': { id: campaign.id, ...plan } },
    },
    responses: {
      200: {
        description: 'The waves of a dry run',
        schema: FleetCampaignDetail,
        example: planned,
      },
      201: { description: 'Created', schema: FleetCampaignDetail, example: detail },
    },
    errors: ['invalid-parameter', 'precondition-not-fulfilled', 'x-medkit-fleet-quota', ...FLEET_ERRORS],
  },
];

export const getFleetCampaign: RouteFamily<typeof FleetCampaignDetail> = [
  {
    method: 'get',
    path: CAMPAIGN,
    operationId: 'getFleetCampaign',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'Read a campaign',
    description:
      'Returns the plan, the waves with their robots by state, why the next wave is not open, and the figures of the gate.',
    join: 'local',
    parameters: [campaignParameter],
    responses: { 200: { description: 'The campaign', schema: FleetCampaignDetail, example: detail } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const listFleetCampaignRobots: RouteFamily<typeof FleetCampaignRobotList> = [
  {
    method: 'get',
    path: `${CAMPAIGN}/robots`,
    operationId: 'listFleetCampaignRobots',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the robots of a campaign',
    description: 'Lists the robots by wave and name, with their state and its reason. Retired robots are left out.',
    join: 'local',
    parameters: [
      campaignParameter,
      {
        name: 'wave',
        in: 'query',
        description: 'Only robots of this wave',
        schema: Type.Integer({ minimum: 1, maximum: 20 }),
        example: 2,
      },
      {
        name: 'state',
        in: 'query',
        description: 'Only robots in this state',
        schema: oneOf(...FLEET_CAMPAIGN_ROBOT_STATES),
        example: 'waiting',
      },
      ...FLEET_PAGING,
    ],
    responses: {
      200: {
        description: 'The robots',
        schema: FleetCampaignRobotList,
        example: {
          items: [
            { robot: 'amr-17', site: 'berlin', wave: 1, state: 'done', attempt: 1, since: '2026-12-01T10:00:04.000Z' },
          ],
          total: 1,
        },
      },
    },
    errors: ['resource-not-found', 'invalid-parameter', ...FLEET_ERRORS],
  },
];

export const approveFleetCampaign: RouteFamily<typeof FleetCampaignDetail, typeof FleetCampaignApproval> = [
  {
    method: 'post',
    path: `${CAMPAIGN}/approve`,
    operationId: 'approveFleetCampaign',
    permission: 'campaigns.approve',
    tag: 'Fleet',
    summary: 'Approve a wave of a campaign',
    description:
      'Approves a wave of a campaign with `gate.approval`. It opens when the gate of the wave before it permits.',
    join: 'local',
    parameters: [campaignParameter],
    body: {
      schema: FleetCampaignApproval,
      required: false,
      description: 'The wave',
      examples: { 'The second wave': { wave: 2 } },
    },
    responses: { 200: { description: 'Approved', schema: FleetCampaignDetail, example: detail } },
    errors: ['invalid-parameter', ...CHANGE_ERRORS],
  },
];

export const stopFleetCampaign: RouteFamily<typeof FleetCampaignDetail, typeof FleetCampaignStop> = [
  {
    method: 'post',
    path: `${CAMPAIGN}/stop`,
    operationId: 'stopFleetCampaign',
    permission: 'campaigns.stop',
    tag: 'Fleet',
    summary: 'Stop a campaign',
    description:
      'No robot begins any more; changes that have begun end by themselves. Then follows `roll_back`, by default `on_stop` of the plan. A campaign that is stopped can be rolled back later by another stop.',
    join: 'local',
    parameters: [campaignParameter],
    body: {
      schema: FleetCampaignStop,
      required: false,
      description: 'The reason, and what to roll back',
      examples: { 'Roll back': { reason: 'the robots drift in hall 3', roll_back: 'roll_back_all' } },
    },
    responses: { 200: { description: 'Stopped', schema: FleetCampaignDetail, example: stopped } },
    errors: ['invalid-parameter', ...CHANGE_ERRORS],
  },
];

export const cancelFleetCampaign: RouteFamily<typeof FleetCampaignDetail, never> = [
  {
    method: 'post',
    path: `${CAMPAIGN}/cancel`,
    operationId: 'cancelFleetCampaign',
    permission: 'campaigns.stop',
    tag: 'Fleet',
    summary: 'Cancel a campaign',
    description:
      'Ends the campaign for all robots that have not begun. Robots that have begun end by themselves, and stay changed.',
    join: 'local',
    parameters: [campaignParameter],
    responses: {
      200: {
        description: 'Cancelled',
        schema: FleetCampaignDetail,
        example: { ...ungated, state: 'cancelled', stopped_at: '2026-12-01T10:20:00.000Z', stopped_by: 'bob' },
      },
    },
    errors: CHANGE_ERRORS,
  },
];
