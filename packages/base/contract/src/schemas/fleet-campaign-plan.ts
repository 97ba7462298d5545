import { anything, named, oneOf, optional } from './compose.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import { FLEET_ROBOT_NAME } from './fleet.ts';
import * as Type from './type.ts';
import { MAX_CONFIRM_SEC } from './updates.ts';

export const FLEET_CAMPAIGN_KINDS = ['configuration', 'request', 'script', 'update'] as const;
export type FleetCampaignKind = (typeof FLEET_CAMPAIGN_KINDS)[number];
export const FLEET_CAMPAIGN_STOPS = ['hold', 'roll_back_wave', 'roll_back_all'] as const;
export type FleetCampaignStopAction = (typeof FLEET_CAMPAIGN_STOPS)[number];

/** Parameters that one campaign sets: their values before it are stored for each robot. */
export const MAX_CAMPAIGN_CHANGES = 20;
export const MAX_CAMPAIGN_WAVES = 20;
/** Robots that a plan lists by name; others are selected by group or site. */
export const MAX_CAMPAIGN_NAMES = 1000;
/** Length of the JSON text of all values or of the body of a request. */
export const MAX_CAMPAIGN_VALUES = 16_384;
/** Characters of the text of a script: the hub reads the plan of each campaign that has not ended every few seconds. */
export const MAX_CAMPAIGN_SCRIPT_CHARS = 32_768;
/** Longest and usual time for a script. The longest one leaves time for a robot that is away in the middle. */
export const CAMPAIGN_SCRIPT_SEC = { max: 21_600, usual: 600 } as const;
/** Conditions of a campaign, which each robot is asked for, and the characters of one. */
export const MAX_CAMPAIGN_CONDITIONS = 10;
export const MAX_CAMPAIGN_CONDITION_CHARS = 256;

const DAY_SEC = 86_400;
const time = (description: string) => Type.String({ format: 'date-time', description });
const name = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });
const names = (description: string) =>
  Type.Array(Type.String({ minLength: 1, maxLength: 63 }), { maxItems: MAX_CAMPAIGN_NAMES, description });

export const FleetCampaignChange = named(
  'FleetCampaignChange',
  Type.Object({
    entity: Type.String({
      pattern: '^(?:apps|components|areas|functions)/[^/]{1,256}$',
      description: 'Entity on the robot, such as `apps/controller_server`.',
    }),
    parameter: Type.String({ minLength: 1, maxLength: 256, description: 'Name of the configuration.' }),
    to: anything({ description: 'The value to set.' }),
    from: Type.Optional(
      anything({ description: 'The value that it must have before: a robot with another one is skipped.' }),
    ),
  }),
);
export type FleetCampaignChange = Type.Static<typeof FleetCampaignChange>;

export const FleetCampaignRequest = named(
  'FleetCampaignRequest',
  Type.Object({
    method: oneOf('POST', 'PUT', 'DELETE'),
    path: Type.String({
      pattern: '^/[^?#]{1,1024}$',
      description:
        'Path of a route on the robot, below `/api/v1`. The route must not need a permission to move the robot.',
    }),
    body: Type.Optional(anything({ description: 'JSON body.' })),
  }),
);
export type FleetCampaignRequest = Type.Static<typeof FleetCampaignRequest>;

const digest = (description: string) => Type.String({ pattern: '^[0-9a-f]{64}$', description });

export const FleetCampaignContent = named(
  'FleetCampaignContent',
  Type.Object(
    {
      sha256: digest('SHA-256 of the archive.'),
      bytes: Type.Integer({ minimum: 1, description: 'Size of the archive.' }),
      manifest_sha256: digest('SHA-256 of the manifest, with which robots register the update.'),
    },
    {
      description:
        'Kind `update`: the content of the artifact at the hub when the campaign is created, which all robots get. A plan that has it already is refused if the hub has another content.',
    },
  ),
);
export type FleetCampaignContent = Type.Static<typeof FleetCampaignContent>;

export const FleetCampaignScript = named(
  'FleetCampaignScript',
  Type.Object({
    entity: Type.String({
      pattern: '^(?:apps|components)/[^/]{1,256}$',
      description: 'Entity on the robot, such as `apps/lidar_driver`.',
    }),
    name: Type.String({
      pattern: '^[A-Za-z0-9_-]{1,100}\\.(?:sh|bash|py)$',
      description:
        'Name of the file, such as `check_lidar.sh`. The id of the script on a robot is the name without the extension.',
    }),
    text: optional(
      Type.String({
        minLength: 1,
        maxLength: MAX_CAMPAIGN_SCRIPT_CHARS,
        description:
          'The script. A robot without a script of this digest gets it; if it has another one with this id, the new one gets the digest in its id. Without a text, each robot must have the script.',
      }),
    ),
    sha256: optional(
      digest('SHA-256 of the script. Required without `text`; with it, the hub stores the digest in the plan.'),
    ),
    parameters: Type.Optional(anything({ description: 'Parameters of the execution.' })),
    timeout_sec: optional(
      Type.Integer({
        minimum: 1,
        maximum: CAMPAIGN_SCRIPT_SEC.max,
        description: `Time after which the hub ends the execution, seconds; default ${CAMPAIGN_SCRIPT_SEC.usual}. The robot has a limit, too.`,
      }),
    ),
  }),
);
export type FleetCampaignScript = Type.Static<typeof FleetCampaignScript>;

export const FleetCampaignTargets = named(
  'FleetCampaignTargets',
  Type.Object(
    {
      group: optional(name('Robots of this group.')),
      site: optional(name('Robots of this site.')),
      robots: optional(names('Robots with these names.')),
      exclude: optional(names('Robots that are left out.')),
      dynamic: optional(
        Type.Boolean({
          description:
            'Robots that begin to match group and site later join the last wave, also robots that are enrolled later. Robots that no longer match and have not begun are skipped. The campaign then runs until it expires. Default false.',
        }),
      ),
    },
    { description: 'The robots: those that match group, site and names. At least one of these is required.' },
  ),
);
export type FleetCampaignTargets = Type.Static<typeof FleetCampaignTargets>;

export const FleetCampaignWave = named(
  'FleetCampaignWave',
  Type.Object({
    robots: optional(names('Exactly these targets.')),
    percent: optional(
      Type.Number({
        minimum: 0.01,
        maximum: 100,
        description: 'Part of all targets that are in this wave and the waves before it; 100 in the last wave.',
      }),
    ),
    spread: optional(oneOf('site')),
  }),
);
export type FleetCampaignWave = Type.Static<typeof FleetCampaignWave>;

export const FleetCampaignGate = named(
  'FleetCampaignGate',
  Type.Object(
    {
      soak_sec: optional(
        Type.Integer({
          minimum: 0,
          maximum: 30 * DAY_SEC,
          description: 'Time from the change of a robot to `done`, seconds; default 600.',
        }),
      ),
      least_done: optional(
        Type.Integer({
          minimum: 1,
          maximum: 100_000,
          description: 'Robots of a wave that must be done before the next wave opens; default 1.',
        }),
      ),
      max_failed: optional(
        Type.Object(
          { percent: Type.Number({ minimum: 0, maximum: 100 }), least: Type.Integer({ minimum: 1 }) },
          {
            description:
              'Stops if at least `least` robots failed, were rolled back or are lost, and they are at least `percent` of those that ended; default 5 % and 1.',
          },
        ),
      ),
      new_issue: optional(
        Type.Object(
          { severity: oneOf(...FAULT_SEVERITIES.names), robots: Type.Integer({ minimum: 1 }) },
          {
            description:
              'Stops if an issue of at least this severity occurs on so many changed robots, and did not occur without the change for 30 days; default `error` and 2.',
          },
        ),
      ),
      rate_ratio: optional(
        Type.Number({
          minimum: 1.1,
          description:
            'Stops if changed robots have so many times the errors per hour of the same robots before, and of robots without the change, with p < 0.01; default 3.',
        }),
      ),
      lost: optional(
        Type.Integer({ minimum: 1, description: 'Stops if so many robots are lost during the change; default 1.' }),
      ),
      approval: optional(oneOf('any', 'other')),
    },
    {
      description:
        'When the next wave opens, and what stops the campaign. With `approval`, each wave needs an approval: `other` not by the account of its creator.',
    },
  ),
);
export type FleetCampaignGate = Type.Static<typeof FleetCampaignGate>;

const plan = {
  note: optional(Type.String({ maxLength: 1000, description: 'Purpose, for people.' })),
  kind: oneOf(...FLEET_CAMPAIGN_KINDS),
  changes: optional(
    Type.Array(FleetCampaignChange, {
      maxItems: MAX_CAMPAIGN_CHANGES,
      description: 'Kind `configuration`: what to set, in this order.',
    }),
  ),
  request: optional(FleetCampaignRequest),
  script: optional(FleetCampaignScript),
  artifact: optional(
    Type.String({ maxLength: 200, description: 'Kind `update`: id of an update whose artifact the hub stores.' }),
  ),
  content: optional(FleetCampaignContent),
  confirm_within_sec: optional(
    Type.Integer({
      minimum: 1,
      maximum: MAX_CONFIRM_SEC,
      description:
        'Kind `update`: time after the gate of the robot for the confirmation by the hub, default 900. A robot that the update cuts off rolls back by itself.',
    }),
  ),
  targets: FleetCampaignTargets,
  waves: Type.Array(FleetCampaignWave, { maxItems: MAX_CAMPAIGN_WAVES, description: 'In their order.' }),
  limits: optional(
    Type.Object({
      in_progress: optional(
        Type.Integer({ minimum: 1, maximum: 1000, description: 'Robots that change at a time; default 20.' }),
      ),
      per_site_percent: optional(
        Type.Integer({
          minimum: 1,
          maximum: 100,
          description:
            'Part of the robots of a site in the campaign that change at a time, but at least one; robots without a site count as one site. Without it, `in_progress` is the only limit.',
        }),
      ),
      start_within: optional(
        Type.String({
          minLength: 1,
          maxLength: 64,
          description:
            'Robots begin only in this period, in the time zone of their site: `22:00-05:00` for each day, or `sat,sun 00:00-24:00`. A site without a time zone has UTC.',
        }),
      ),
    }),
  ),
  conditions: optional(
    Type.Array(Type.String({ minLength: 1, maxLength: MAX_CAMPAIGN_CONDITION_CHARS }), {
      maxItems: MAX_CAMPAIGN_CONDITIONS,
      description:
        'All must be fulfilled on a robot before it begins, and again just before the change: `apps/battery/data/charging/data == true` with a JSON Pointer after the name and ==, !=, <, <=, > or >=, `no lock`, or `no execution`. Until then the robot waits, and is asked each minute.',
    }),
  ),
  gate: optional(FleetCampaignGate),
  on_stop: optional(oneOf(...FLEET_CAMPAIGN_STOPS)),
  expires: optional(time('When robots that have not begun expire; at most 90 days ahead, default 7 days.')),
};

export const FleetCampaignPlan = named('FleetCampaignPlan', Type.Object(plan));
export type FleetCampaignPlan = Type.Static<typeof FleetCampaignPlan>;

export const NewFleetCampaign = named(
  'NewFleetCampaign',
  Type.Object({
    id: Type.String({ pattern: `^${FLEET_ROBOT_NAME}$`, description: 'Name of the campaign.' }),
    ...plan,
    dry_run: optional(
      Type.Boolean({ description: 'Returns the waves and what is not fulfilled, and creates nothing.' }),
    ),
  }),
);
export type NewFleetCampaign = Type.Static<typeof NewFleetCampaign>;
