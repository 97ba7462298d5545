import { named, oneOf, optional } from './compose.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import { FLEET_CAMPAIGN_KINDS, FLEET_CAMPAIGN_STOPS, FleetCampaignPlan } from './fleet-campaign-plan.ts';
import * as Type from './type.ts';

/** `planned`: only in the reply to a dry run. `stopped`: no robot begins any more, by the gate or by a person. */
export const FLEET_CAMPAIGN_STATES = ['planned', 'running', 'stopped', 'cancelled', 'expired', 'done'] as const;
export type FleetCampaignState = (typeof FLEET_CAMPAIGN_STATES)[number];
/** States of a robot in a campaign that are not its end. `selected`: its wave is not open yet. */
export const FLEET_CAMPAIGN_OPEN_STATES = [
  'selected',
  'waiting',
  'transferring',
  'preparing',
  'executing',
  'confirming',
  'soaking',
  'rolling_back',
] as const;
export const FLEET_CAMPAIGN_ENDS = [
  'done',
  'failed',
  'rolled_back',
  'skipped',
  'expired',
  'lost',
  'cancelled',
] as const;
export const FLEET_CAMPAIGN_ROBOT_STATES = [...FLEET_CAMPAIGN_OPEN_STATES, ...FLEET_CAMPAIGN_ENDS] as const;
export type FleetCampaignRobotState = (typeof FLEET_CAMPAIGN_ROBOT_STATES)[number];
/** Largest quota of the campaigns of a hub that have not ended, and its default: each is judged every few seconds. */
export const MAX_RUNNING_CAMPAIGNS = 50;

/** Characters of each stream of a script that the hub stores for a robot: a page has up to a thousand robots. */
export const MAX_CAMPAIGN_OUTPUT_CHARS = 1024;

const time = (description: string) => Type.String({ format: 'date-time', description });

export const FleetCampaignCounts = named(
  'FleetCampaignCounts',
  Type.Unsafe<{ readonly [State in FleetCampaignRobotState]?: number }>({
    type: 'object',
    additionalProperties: { type: 'integer', minimum: 1 },
    description: 'Number of robots by state; states without a robot are absent.',
  }),
);
export type FleetCampaignCounts = Type.Static<typeof FleetCampaignCounts>;

export const FleetCampaignWaveState = named(
  'FleetCampaignWaveState',
  Type.Object({
    wave: Type.Integer({ minimum: 1, description: 'Number of the wave, from 1.' }),
    robots: Type.Integer({ minimum: 0, description: 'Number of its robots.' }),
    opened_at: optional(time('When its robots could begin; absent if it is not open.')),
    approved_at: optional(time('When it was approved.')),
    approved_by: optional(Type.String()),
    waits_for: optional(Type.String({ description: 'Why it is not open.' })),
    states: FleetCampaignCounts,
  }),
);
export type FleetCampaignWaveState = Type.Static<typeof FleetCampaignWaveState>;

export const FleetCampaignSite = named(
  'FleetCampaignSite',
  Type.Object({
    site: optional(Type.String({ description: 'Name of the site; absent for robots without one.' })),
    robots: Type.Integer({ minimum: 1, description: 'Its robots in the campaign.' }),
    in_progress: Type.Integer({ minimum: 0, description: 'Those that change now.' }),
    at_a_time: optional(Type.Integer({ minimum: 1, description: 'How many may change at a time.' })),
    zone: optional(Type.String({ description: 'Time zone of `start_within`.' })),
    waits_for: optional(Type.String({ description: 'Why none of its robots begins now.' })),
  }),
);
export type FleetCampaignSite = Type.Static<typeof FleetCampaignSite>;

const errorRate = (description: string) =>
  Type.Object({ errors: Type.Integer({ minimum: 0 }), hours: Type.Number({ minimum: 0 }) }, { description });
const robotCount = (description: string) => Type.Integer({ minimum: 0, description });

export const FleetCampaignGateState = named(
  'FleetCampaignGateState',
  Type.Object(
    {
      soak_sec: Type.Integer({ minimum: 0 }),
      least_done: Type.Integer({ minimum: 1 }),
      approval: optional(oneOf('any', 'other')),
      failed: Type.Object({
        robots: robotCount('Robots that failed, are rolled back or are lost.'),
        ended: robotCount('These and the robots that are done.'),
        least: robotCount('Stops from this number of robots'),
        percent: Type.Number({ description: 'and from this part of those that ended.' }),
      }),
      lost: Type.Object({ robots: robotCount('Robots that are lost.'), limit: robotCount('Stops from this number.') }),
      new_issue: Type.Object({
        issue: optional(Type.String({ description: 'The issue on the most changed robots; absent below the limit.' })),
        severity: oneOf(...FAULT_SEVERITIES.names),
        robots: Type.Integer({ minimum: 1, description: 'Stops from this number of changed robots.' }),
      }),
      errors: Type.Object({
        changed: errorRate('On changed robots, since their change.'),
        before: errorRate('On the same robots, for as long before it.'),
        others: errorRate('On the other robots of the fleet, since the first change.'),
        rate_ratio: Type.Number({ description: 'Stops from this ratio to both others, with p < 0.01.' }),
      }),
    },
    { description: 'What the gate reads now, and its limits with their defaults; absent unless running or stopped.' },
  ),
);
export type FleetCampaignGateState = Type.Static<typeof FleetCampaignGateState>;

const campaign = {
  id: Type.String({ description: 'Name of the campaign.' }),
  kind: oneOf(...FLEET_CAMPAIGN_KINDS),
  state: oneOf(...FLEET_CAMPAIGN_STATES),
  reason: optional(Type.String({ description: 'Why it stopped or ended.' })),
  roll_back: optional(oneOf(...FLEET_CAMPAIGN_STOPS)),
  created_at: time('When it was created.'),
  created_by: Type.String(),
  stopped_at: optional(time('When it was stopped or cancelled.')),
  stopped_by: optional(Type.String({ description: 'Who stopped it; absent if the gate did.' })),
  expires_at: time('When robots that have not begun expire.'),
  wave: optional(Type.Integer({ minimum: 1, description: 'Number of the newest open wave; absent if none is open.' })),
  wave_count: Type.Integer({ minimum: 0, description: 'Number of waves.' }),
  robots: Type.Integer({ minimum: 0, description: 'Number of robots.' }),
  states: FleetCampaignCounts,
};

export const FleetCampaign = named('FleetCampaign', Type.Object(campaign));
export type FleetCampaign = Type.Static<typeof FleetCampaign>;

export const FleetCampaignList = named(
  'FleetCampaignList',
  Type.Object({
    items: Type.Array(FleetCampaign),
    total: Type.Integer({ minimum: 0, description: 'Number of items in all pages.' }),
    next_cursor: optional(Type.String({ description: 'For the next page; absent on the last one.' })),
  }),
);
export type FleetCampaignList = Type.Static<typeof FleetCampaignList>;

export const FleetCampaignResult = named(
  'FleetCampaignResult',
  Type.Object(
    {
      script: Type.String({ description: 'Id of the script on the robot.' }),
      execution: Type.String({ description: 'Id of the execution on the robot.' }),
      exit_code: optional(Type.Integer()),
      stdout: optional(
        Type.String({ description: `The first ${MAX_CAMPAIGN_OUTPUT_CHARS} characters of the output.` }),
      ),
      stderr: optional(
        Type.String({ description: `The first ${MAX_CAMPAIGN_OUTPUT_CHARS} characters of the error output.` }),
      ),
      truncated: optional(Type.Boolean({ description: 'Whether the robot has more output.' })),
    },
    { description: 'Kind `script`: the result of an execution that has ended.' },
  ),
);
export type FleetCampaignResult = Type.Static<typeof FleetCampaignResult>;

export const FleetCampaignRobot = named(
  'FleetCampaignRobot',
  Type.Object({
    robot: Type.String(),
    site: optional(Type.String()),
    wave: Type.Integer({ minimum: 1 }),
    state: oneOf(...FLEET_CAMPAIGN_ROBOT_STATES),
    reason: optional(Type.String({ description: 'Why it waits or ended.' })),
    percent: optional(
      Type.Integer({ minimum: 0, maximum: 100, description: 'Part of the artifact that the robot has received.' }),
    ),
    attempt: Type.Integer({ minimum: 0, description: 'Attempts of the present step; 0 before the first one.' }),
    result: optional(FleetCampaignResult),
    since: optional(time('Since when it is in this state.')),
    next_attempt: optional(time('When the hub asks the robot again.')),
  }),
);
export type FleetCampaignRobot = Type.Static<typeof FleetCampaignRobot>;

export const FleetCampaignRobotList = named(
  'FleetCampaignRobotList',
  Type.Object({
    items: Type.Array(FleetCampaignRobot),
    total: Type.Integer({ minimum: 0, description: 'Number of items in all pages.' }),
    next_cursor: optional(Type.String({ description: 'For the next page; absent on the last one.' })),
  }),
);
export type FleetCampaignRobotList = Type.Static<typeof FleetCampaignRobotList>;

export const FleetCampaignDetail = named(
  'FleetCampaignDetail',
  Type.Object({
    ...campaign,
    plan: FleetCampaignPlan,
    waves: Type.Array(FleetCampaignWaveState),
    gate: optional(FleetCampaignGateState),
    sites: optional(
      Type.Array(FleetCampaignSite, {
        description: 'The first 200 sites by name; absent without a limit by site, and for a campaign that ended.',
      }),
    ),
    not_fulfilled: optional(
      Type.Array(FleetCampaignRobot, { description: 'Dry run: robots that could not begin now, the first 200.' }),
    ),
  }),
);
export type FleetCampaignDetail = Type.Static<typeof FleetCampaignDetail>;

export const FleetCampaignApproval = named(
  'FleetCampaignApproval',
  Type.Object({
    wave: optional(
      Type.Integer({ minimum: 1, description: 'Number of the wave; default the first one without an approval.' }),
    ),
  }),
);
export type FleetCampaignApproval = Type.Static<typeof FleetCampaignApproval>;

export const FleetCampaignStop = named(
  'FleetCampaignStop',
  Type.Object({
    reason: optional(Type.String({ maxLength: 1000, description: 'Why, for people.' })),
    roll_back: optional(oneOf(...FLEET_CAMPAIGN_STOPS)),
  }),
);
export type FleetCampaignStop = Type.Static<typeof FleetCampaignStop>;
