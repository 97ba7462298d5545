import { named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

/**
 * Kinds of incidents of a fleet. `issue_spreads`: several robots have one fault. `version_worse`: a software version has
 * more faults than the others. `site_lost`: many robots of a site disconnected together. `robot_lost`: a robot is
 * offline without announcement. `robot_flaps`: a robot connects again and again. `version_too_old`: robots have a version
 * of medkit that the hub does not support. `cloned`, `log_gap`, `clock_off`, `budget_spent`, `audit_rewritten`: a problem
 * of one robot.
 */
export const OUTBREAK_KINDS = [
  'issue_spreads',
  'version_worse',
  'site_lost',
  'robot_lost',
  'cloned',
  'log_gap',
  'clock_off',
  'robot_flaps',
  'budget_spent',
  'audit_rewritten',
  'version_too_old',
] as const;
export type OutbreakKind = (typeof OUTBREAK_KINDS)[number];

/** Maximum robots, versions, sites and groups that an outbreak lists. */
export const MAX_OUTBREAK_ROBOTS = 200;
export const MAX_OUTBREAK_PARTS = 50;

const names = (description: string) => Type.Array(Type.String(), { description });

export const OutbreakSummary = named(
  'OutbreakSummary',
  Type.Object(
    {
      kind: oneOf(...OUTBREAK_KINDS),
      subject: Type.String({ description: 'The issue, version, site or robot.' }),
      about: Type.String({ description: 'What was measured, with `7 of 7 have 2.1.0, 0 of 52 others`.' }),
      robots: Type.Integer({ minimum: 0, description: 'Number of robots that had a part in it.' }),
      sites: names('Sites of these robots.'),
      groups: names('Groups of these robots.'),
    },
    { description: 'What an incident of the fleet is about. Only incidents of a hub have it.' },
  ),
);
export type OutbreakSummary = Type.Static<typeof OutbreakSummary>;

export const OutbreakRobot = named(
  'OutbreakRobot',
  Type.Object({
    robot: Type.String(),
    site: optional(Type.String()),
    version: optional(Type.String({ description: 'Version of its software, otherwise of medkit, at that time.' })),
    began: Type.String({ format: 'date-time', description: 'When the fault, absence or problem of this robot began.' }),
    ended: optional(Type.String({ format: 'date-time', description: 'When it ended; absent while it lasts.' })),
    fault_code: optional(Type.String()),
    entity_id: optional(Type.String({ description: 'The entity of the fault on the robot.' })),
    incident_id: optional(Type.String({ description: 'The incident at the robot.' })),
  }),
);
export type OutbreakRobot = Type.Static<typeof OutbreakRobot>;

export const OutbreakShare = named(
  'OutbreakShare',
  Type.Object({
    name: Type.String({ description: 'The version or site.' }),
    affected: Type.Integer({ minimum: 0, description: 'Robots of the outbreak.' }),
    others: Type.Integer({ minimum: 0, description: 'Other robots of the fleet.' }),
  }),
);
export type OutbreakShare = Type.Static<typeof OutbreakShare>;

export const OutbreakDetail = named(
  'OutbreakDetail',
  Type.Object({
    members: Type.Array(OutbreakRobot, { description: 'The robots, by the beginning.' }),
    members_omitted: optional(Type.Integer({ description: 'Number of omitted robots.' })),
    by_version: Type.Array(OutbreakShare, { description: 'Robots by version, with the fault and without it.' }),
    by_site: Type.Array(OutbreakShare, { description: 'Robots by site, with the fault and without it.' }),
    change: optional(
      Type.Object(
        {
          version: Type.String(),
          first: Type.String({ format: 'date-time' }),
          last: Type.String({ format: 'date-time' }),
          robots: Type.Integer({ minimum: 1, description: 'Robots of the outbreak that changed to this version.' }),
        },
        { description: 'The last change of the version within 24 h before the outbreak.' },
      ),
    ),
    campaign: optional(
      Type.Object(
        {
          id: Type.String({ description: 'Name of the campaign.' }),
          first: Type.String({ format: 'date-time' }),
          last: Type.String({ format: 'date-time' }),
          robots: Type.Integer({ minimum: 1, description: 'Robots of the outbreak that it changed.' }),
        },
        { description: 'The campaign that changed most of the robots within 24 h before the outbreak.' },
      ),
    ),
    uncounted: optional(
      Type.Integer({ description: 'Occurrences that were not counted, because their time is too uncertain.' }),
    ),
  }),
);
export type OutbreakDetail = Type.Static<typeof OutbreakDetail>;
