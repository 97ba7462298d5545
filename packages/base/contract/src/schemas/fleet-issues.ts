import { named, oneOf, optional } from './compose.ts';
import { FAULT_SEVERITIES } from './fault-severity.ts';
import * as Type from './type.ts';

/** States of an issue; `new` and the end of `ignored` depend on the time. */
export const FLEET_ISSUE_STATES = ['new', 'ongoing', 'resolved', 'regressed', 'ignored', 'muted'] as const;
export type FleetIssueState = (typeof FLEET_ISSUE_STATES)[number];
/** States that a person may set. */
export const FLEET_ISSUE_DECISIONS = ['ongoing', 'resolved', 'ignored', 'muted'] as const;
export type FleetIssueDecision = (typeof FLEET_ISSUE_DECISIONS)[number];
/** Orders of the list of issues. */
export const FLEET_ISSUE_ORDERS = ['last_seen', 'first_seen', 'occurrences', 'robots'] as const;
export type FleetIssueOrder = (typeof FLEET_ISSUE_ORDERS)[number];
/** How an occurrence ended; `unknown` if the next one began and its end was not reported. */
export const FLEET_OCCURRENCE_ENDS = ['healed', 'cleared', 'unknown'] as const;
/** Length of a note or of the name of an owner, in characters. */
export const FLEET_ISSUE_TEXT = { note: 4000, owner: 128 } as const;
/** Notes of one issue: as many as people read on one page. */
export const MAX_FLEET_ISSUE_NOTES = 200;
/** Days of the bars in the list of issues. */
export const FLEET_ISSUE_DAYS = 14;

const time = (description: string) => Type.String({ format: 'date-time', description });
const count = (description: string) => Type.Integer({ minimum: 0, description });
const severity = Type.Integer({ minimum: 0, maximum: 3, description: '0 info, 1 warning, 2 error, 3 critical.' });
const severity_label = oneOf(...FAULT_SEVERITIES.labels);
const version = (description: string) => Type.String({ minLength: 1, maxLength: 128, description });

export const FleetOccurrence = named(
  'FleetOccurrence',
  Type.Object(
    {
      robot: Type.String(),
      origin: optional(Type.String({ description: 'The gateway behind the robot that has the fault.' })),
      fault_code: Type.String(),
      number: Type.Integer({ minimum: 0, description: 'Number of the occurrence on its gateway; 0 if not reported.' }),
      began: time('When the fault was confirmed, by the clock of the hub.'),
      uncertain_ms: optional(count('Width of that time, milliseconds; absent if unknown.')),
      ended: optional(time('When it healed or was cleared; absent while it is active.')),
      ended_as: optional(oneOf(...FLEET_OCCURRENCE_ENDS)),
      severity,
      severity_label,
      entity_id: optional(Type.String({ description: 'The entity as the robot names it.' })),
      entity_type: optional(Type.String()),
      cause: optional(
        Type.String({
          description: 'Code of its root cause, if the robot knew one when it first reported the occurrence.',
        }),
      ),
      site: optional(Type.String({ description: 'Site of the robot when the hub read it.' })),
      version: optional(Type.String({ description: 'Software of the robot at that time; absent if unknown.' })),
      medkit: optional(Type.String({ description: 'Version of medkit at that time; absent if unknown.' })),
      issue: optional(Type.String({ description: 'Id of its issue; absent if the hub has too many issues.' })),
      incident: optional(Type.String({ description: 'Id of the incident on the robot of which it is the root.' })),
      blocks_motion: optional(Type.Boolean({ description: 'Whether it stopped the robot; absent if unknown.' })),
    },
    { description: 'One occurrence of a confirmed fault on a robot.' },
  ),
);
export type FleetOccurrence = Type.Static<typeof FleetOccurrence>;

export const FleetOccurrenceList = named(
  'FleetOccurrenceList',
  Type.Object({
    items: Type.Array(FleetOccurrence, { description: 'The newest first.' }),
    next_cursor: optional(Type.String({ description: '`cursor` of the next page; absent if there is none.' })),
  }),
);
export type FleetOccurrenceList = Type.Static<typeof FleetOccurrenceList>;

const untilMembers = {
  robots: optional(Type.Integer({ minimum: 1, maximum: 1_000_000, description: 'Until so many more robots have it.' })),
  occurrences: optional(
    Type.Integer({ minimum: 1, maximum: 1_000_000_000, description: 'Until so many more occurrences.' }),
  ),
  date: optional(time('Until this time.')),
};

const issue = {
  id: Type.String(),
  rule: optional(Type.String({ description: 'Name in `fleet.issue_rules` of the rule that groups its faults.' })),
  fault_code: optional(Type.String({ description: 'Code of its faults; absent if a rule groups them.' })),
  entity_id: optional(Type.String({ description: 'Entity of its faults, as their robots name it.' })),
  cause: optional(Type.String({ description: 'Code of their root cause, if any.' })),
  state: oneOf(...FLEET_ISSUE_STATES),
  severity,
  severity_label,
  first_seen: time('Beginning of its first occurrence.'),
  last_seen: time('Beginning of its newest occurrence.'),
  occurrences: count('Number of occurrences, on robots that the filter selects.'),
  robots: count('Number of robots, of those that the filter selects.'),
  owner: optional(Type.String({ description: 'Who works on it; absent for accounts with limits.' })),
  decided: optional(
    Type.Object(
      {
        at: time('When a person resolved, ignored or muted it, or marked it as ongoing.'),
        by: Type.String(),
        in_version: optional(version('Software in which it is resolved.')),
        until_robots: optional(count('Ignored below this number of robots.')),
        until_occurrences: optional(count('Ignored below this number of occurrences.')),
        until: optional(time('Ignored until this time.')),
      },
      { description: 'The last decision of a person.' },
    ),
  ),
  regressed: optional(
    Type.Object(
      { at: time('Beginning of the occurrence.'), robot: optional(Type.String()), version: optional(Type.String()) },
      { description: 'The first occurrence after it was resolved.' },
    ),
  ),
};

export const FleetIssue = named(
  'FleetIssue',
  Type.Object(
    {
      ...issue,
      days: Type.Array(count('Occurrences of a day of 24 hours.'), {
        description: `Occurrences of the last ${FLEET_ISSUE_DAYS} days on all robots that you see, the oldest first.`,
      }),
    },
    { description: 'Occurrences of the same fault on robots of the fleet.' },
  ),
);
export type FleetIssue = Type.Static<typeof FleetIssue>;

export const FleetIssueList = named(
  'FleetIssueList',
  Type.Object({
    items: Type.Array(FleetIssue),
    total: count('Number of items of all pages.'),
    next_cursor: optional(Type.String({ description: '`cursor` of the next page; absent if there is none.' })),
  }),
);
export type FleetIssueList = Type.Static<typeof FleetIssueList>;

const runningHours = optional(
  Type.Number({ description: 'Hours that robots ran there since the first occurrence; absent if unknown.' }),
);
const sighting = (description: string) =>
  Type.Object({ robot: Type.String(), version: optional(Type.String()), at: time('When it began.') }, { description });

export const FleetIssueDetail = named(
  'FleetIssueDetail',
  Type.Object({
    ...issue,
    first: optional(sighting('Its first occurrence that is stored.')),
    last: optional(sighting('Its newest occurrence.')),
    by_robot: Type.Array(
      Type.Object({
        robot: Type.String(),
        site: optional(Type.String({ description: 'Present site of the robot.' })),
        version: optional(Type.String({ description: 'Present software of the robot.' })),
        occurrences: count('Number of occurrences.'),
        first_seen: time('Beginning of the first one.'),
        last_seen: time('Beginning of the newest one.'),
      }),
      { description: 'The robots with the most occurrences, 500 at most.' },
    ),
    by_version: Type.Array(
      Type.Object({
        version: optional(Type.String({ description: 'Absent if the software was unknown.' })),
        occurrences: count('Number of occurrences.'),
        running_hours: runningHours,
      }),
    ),
    by_site: Type.Array(
      Type.Object({
        site: optional(Type.String({ description: 'Absent for robots without a site.' })),
        occurrences: count('Number of occurrences.'),
        running_hours: runningHours,
      }),
    ),
    by_hour: Type.Array(
      Type.Object({ hour: time('When the hour began.'), occurrences: count('Number of occurrences.') }),
      { description: `Hours of the last ${FLEET_ISSUE_DAYS} days with occurrences, the oldest first.` },
    ),
    notes: Type.Array(Type.Object({ at: time('When it was written.'), by: Type.String(), text: Type.String() }), {
      description: 'Empty for accounts with limits.',
    }),
  }),
);
export type FleetIssueDetail = Type.Static<typeof FleetIssueDetail>;

export const FleetIssueChange = named(
  'FleetIssueChange',
  Type.Object({
    state: optional(oneOf(...FLEET_ISSUE_DECISIONS)),
    in_version: optional(version('With `resolved`: the software that resolves it; absent for all software.')),
    until: optional(
      Type.Object(untilMembers, { description: 'With `ignored`: until when, the first of these; at least one.' }),
    ),
    owner: optional(
      Type.String({ maxLength: FLEET_ISSUE_TEXT.owner, description: 'Who works on it; an empty text removes it.' }),
    ),
    note: optional(
      Type.String({ minLength: 1, maxLength: FLEET_ISSUE_TEXT.note, description: 'Text of a note to add.' }),
    ),
  }),
);
export type FleetIssueChange = Type.Static<typeof FleetIssueChange>;

export const FleetRecount = named(
  'FleetRecount',
  Type.Object({
    occurrences: count('Number of occurrences that were counted.'),
    different: count('Number of sums that were different, and are correct now.'),
    differences: Type.Array(
      Type.Object({ table: Type.String(), key: Type.String(), stored: Type.String(), counted: Type.String() }),
      { description: 'The first of them, 20 of each table at most.' },
    ),
  }),
);
export type FleetRecount = Type.Static<typeof FleetRecount>;

/** What each figure can be grouped by. Running hours are known by robot, site and software, not by fault. */
export const FLEET_FIGURES = {
  mtbf: ['robot', 'site', 'version'],
  mttr: ['robot', 'site', 'version', 'issue', 'entity'],
  availability: ['robot', 'site', 'version'],
  top: ['robot', 'site', 'version', 'issue', 'entity'],
} as const;
export type FleetFigure = keyof typeof FLEET_FIGURES;
export const FLEET_FIGURE_GROUPS = FLEET_FIGURES.top;
export type FleetFigureGroup = (typeof FLEET_FIGURE_GROUPS)[number];
/** Orders of the figure `top`. */
export const FLEET_TOP_ORDERS = ['occurrences', 'lost_hours'] as const;
export type FleetTopOrder = (typeof FLEET_TOP_ORDERS)[number];
/** Days of one request for figures: a year, and the same month of the year before. */
export const FLEET_FIGURE_DAYS = 400;
const hours = (description: string) => optional(Type.Number({ minimum: 0, description }));

export const FleetFigures = named(
  'FleetFigures',
  Type.Object({
    by: oneOf(...FLEET_FIGURE_GROUPS),
    since: time('Beginning of the first hour.'),
    until: time('End of the last hour.'),
    robots: count('Number of robots with data in this time.'),
    stale: count('Number of them that the hub has not read for 24 hours: their newest faults may be unknown.'),
    items: Type.Array(
      Type.Object({
        name: optional(
          Type.String({ description: 'Robot, site, software, entity or id of the issue; absent if it was unknown.' }),
        ),
        rule: optional(Type.String({ description: 'Of an issue: name of the rule that groups its faults.' })),
        fault_code: optional(Type.String({ description: 'Of an issue: code of its faults.' })),
        entity_id: optional(Type.String({ description: 'Of an issue: entity of its faults.' })),
        occurrences: count('Number of occurrences.'),
        errors: count('Number of occurrences with the severity ERROR or CRITICAL.'),
        too_few: optional(
          Type.Boolean({ description: 'Fewer than 3 errors, or 3 healed occurrences: the time says little.' }),
        ),
        running_hours: hours('Hours for which medkit ran, from the logs of the robots; absent if unknown.'),
        mtbf_hours: hours('Running hours per error; absent without errors.'),
        mtbf_low_hours: hours('Lower end of the 90 % interval, of a Poisson distribution.'),
        mtbf_high_hours: hours('Its upper end; absent without errors.'),
        healed: optional(count('Of `mttr`: number of occurrences that healed.')),
        mttr_hours: hours('Median time from the beginning of an occurrence until it healed.'),
        lost_hours: hours('Hours for which occurrences stopped robots; times of one robot that overlap count once.'),
        availability: optional(
          Type.Number({ minimum: 0, maximum: 1, description: '1 - lost hours / running hours; absent if unknown.' }),
        ),
      }),
      { description: 'The largest first, 200 at most: by errors, healed occurrences, lost hours, or `sort`.' },
    ),
  }),
);
export type FleetFigures = Type.Static<typeof FleetFigures>;
