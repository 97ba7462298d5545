import { oneOf } from '../schemas/compose.ts';
import { FAULT_SEVERITIES } from '../schemas/fault-severity.ts';
import {
  FLEET_FIGURE_DAYS,
  FLEET_FIGURE_GROUPS,
  FLEET_FIGURES,
  FLEET_ISSUE_ORDERS,
  FLEET_ISSUE_STATES,
  FLEET_TOP_ORDERS,
  type FleetFigure,
  FleetFigures,
  type FleetIssue,
  FleetIssueChange,
  type FleetIssueDetail,
  FleetIssueDetail as FleetIssueDetailSchema,
  FleetIssueList,
  FleetOccurrenceList,
  FleetRecount,
} from '../schemas/fleet-issues.ts';
import * as Type from '../schemas/type.ts';
import { FLEET_ERRORS, FLEET_FILTERS, FLEET_PAGING, FLEET_PATH, fleetName } from './fleet-parts.ts';
import type { Parameter, RouteFamily } from './route.ts';

const ISSUES = `${FLEET_PATH}/issues`;
const ISSUE = `${ISSUES}/{issue}`;

const issueParameter: Parameter = {
  name: 'issue',
  in: 'path',
  description: 'Id of the issue',
  schema: Type.String({ minLength: 1, maxLength: 16 }),
  example: '7',
};

const time = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: Type.String({ format: 'date-time' }),
  example: '2026-03-20T00:00:00Z',
});

const severity: Parameter = {
  name: 'severity',
  in: 'query',
  description: 'Only faults of at least this severity',
  schema: oneOf(...FAULT_SEVERITIES.parameters),
  example: 'error',
};
const entity = fleetName('entity', 'Only faults of this entity, as the robots name it', 'motor_left');
const filters = FLEET_FILTERS.filter(({ name }) => name !== 'q');

const { days, ...issue }: FleetIssue = {
  id: '7',
  fault_code: 'MOTOR_OVERTEMP',
  entity_id: 'motor_left',
  state: 'regressed',
  severity: 2,
  severity_label: 'ERROR',
  first_seen: '2026-03-20T09:12:00.000Z',
  last_seen: '2026-03-23T02:12:53.000Z',
  occurrences: 12,
  robots: 4,
  owner: 'grace',
  decided: { at: '2026-03-21T08:00:00.000Z', by: 'alice', in_version: 'navigation-2.1.0' },
  regressed: { at: '2026-03-23T02:12:53.000Z', robot: 'amr-17', version: 'navigation-2.1.0' },
  days: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 7, 2, 0, 3],
};
const detail: FleetIssueDetail = {
  ...issue,
  first: { robot: 'amr-04', version: 'navigation-2.0.0', at: '2026-03-20T09:12:00.000Z' },
  last: { robot: 'amr-17', version: 'navigation-2.1.0', at: '2026-03-23T02:12:53.000Z' },
  by_robot: [
    {
      robot: 'amr-17',
      site: 'berlin',
      version: 'navigation-2.1.0',
      occurrences: 9,
      first_seen: '2026-03-20T10:00:00.000Z',
      last_seen: '2026-03-23T02:12:53.000Z',
    },
  ],
  by_version: [{ version: 'navigation-2.1.0', occurrences: 3, running_hours: 41.5 }],
  by_site: [{ site: 'berlin', occurrences: 12, running_hours: 120 }],
  by_hour: [{ hour: '2026-03-23T02:00:00.000Z', occurrences: 3 }],
  notes: [{ at: '2026-03-21T08:00:00.000Z', by: 'alice', text: 'Fan curve changed in 2.1.0.' }],
};

export const listFleetOccurrences: RouteFamily<typeof FleetOccurrenceList> = [
  {
    method: 'get',
    path: `${FLEET_PATH}/occurrences`,
    operationId: 'listFleetOccurrences',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List occurrences of faults on all robots',
    description:
      'Lists each time that a confirmed fault began on a robot, the newest first, with the software and the site of the robot at that time. What the robot did not report is absent.',
    join: 'local',
    parameters: [
      fleetName('robot', 'Only occurrences on this robot', 'amr-17'),
      fleetName('code', 'Only faults with this code', 'MOTOR_OVERTEMP'),
      entity,
      severity,
      fleetName('version', 'Only on this version of medkit or of the software of the robot', 'navigation-2.1.0'),
      fleetName('issue', 'Only occurrences of this issue', '7'),
      {
        name: 'state',
        in: 'query',
        description: 'Only occurrences that are active, or that have ended',
        schema: oneOf('active', 'ended'),
        example: 'active',
      },
      time('since', 'Only occurrences that began at this time or later'),
      time('until', 'Only occurrences that began earlier'),
      ...filters,
      ...FLEET_PAGING,
    ],
    responses: {
      200: {
        description: 'The occurrences',
        schema: FleetOccurrenceList,
        example: {
          items: [
            {
              robot: 'amr-17',
              fault_code: 'MOTOR_OVERTEMP',
              number: 3,
              began: '2026-03-23T02:12:53.000Z',
              uncertain_ms: 1000,
              ended: '2026-03-23T02:14:39.000Z',
              ended_as: 'healed',
              severity: 2,
              severity_label: 'ERROR',
              entity_id: 'motor_left',
              entity_type: 'app',
              site: 'berlin',
              version: 'navigation-2.1.0',
              medkit: '0.3.0',
              issue: '7',
              incident: 'inc_12',
              blocks_motion: true,
            },
          ],
        },
      },
    },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];

export const listFleetIssues: RouteFamily<typeof FleetIssueList> = [
  {
    method: 'get',
    path: ISSUES,
    operationId: 'listFleetIssues',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'List the issues of the fleet',
    description:
      'Lists issues: occurrences of the same fault on any robot. Faults are the same if code, entity and explaining fault are, or if a rule of `fleet.issue_rules` groups them. Counts are of the robots that the filter selects. For an account that is limited to sites or groups, only its robots count.',
    join: 'local',
    parameters: [
      {
        name: 'state',
        in: 'query',
        description: 'Only issues in this state',
        schema: oneOf(...FLEET_ISSUE_STATES),
        example: 'regressed',
      },
      fleetName('code', 'Only issues of this fault code', 'MOTOR_OVERTEMP'),
      entity,
      severity,
      fleetName('version', 'Only issues with an occurrence on this software', 'navigation-2.1.0'),
      time('since', 'Only issues with an occurrence at this time or later'),
      {
        name: 'sort',
        in: 'query',
        description: 'Order: the newest occurrence first (default), the newest issue, or the largest number',
        schema: oneOf(...FLEET_ISSUE_ORDERS),
        example: 'robots',
      },
      ...FLEET_FILTERS,
      ...FLEET_PAGING,
    ],
    responses: {
      200: { description: 'The issues', schema: FleetIssueList, example: { items: [{ ...issue, days }], total: 1 } },
    },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];

export const getFleetIssue: RouteFamily<typeof FleetIssueDetailSchema> = [
  {
    method: 'get',
    path: ISSUE,
    operationId: 'getFleetIssue',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'Read an issue of the fleet',
    description:
      'Returns an issue with its robots, its occurrences by software, site and hour, and its notes. Running hours are the time for which medkit ran, from the logs of the robots.',
    join: 'local',
    parameters: [issueParameter],
    responses: { 200: { description: 'The issue', schema: FleetIssueDetailSchema, example: detail } },
    errors: ['resource-not-found', ...FLEET_ERRORS],
  },
];

export const changeFleetIssue: RouteFamily<typeof FleetIssueDetailSchema, typeof FleetIssueChange> = [
  {
    method: 'put',
    path: ISSUE,
    operationId: 'changeFleetIssue',
    permission: 'incidents',
    tag: 'Fleet',
    summary: 'Resolve, ignore, mute or annotate an issue',
    description:
      'A resolved issue becomes `regressed` by an occurrence that begins later, on software that is not older than `in_version`: by SemVer if both names have the same beginning, else by when the fleet first had it. An ignored issue becomes `ongoing` at the first of its limits. Omitted members stay.',
    join: 'local',
    parameters: [issueParameter],
    body: {
      schema: FleetIssueChange,
      description: 'The decision, the owner or a note',
      examples: {
        'Resolved in a version': { state: 'resolved', in_version: 'navigation-2.1.0' },
        'Ignored until it spreads': { state: 'ignored', until: { robots: 5 } },
        'A note': { note: 'Fan curve changed in 2.1.0.' },
      },
    },
    responses: { 200: { description: 'The issue', schema: FleetIssueDetailSchema, example: detail } },
    errors: ['resource-not-found', 'invalid-parameter', 'precondition-not-fulfilled', ...FLEET_ERRORS],
  },
];

export const recountFleet: RouteFamily<typeof FleetRecount> = [
  {
    method: 'post',
    path: `${FLEET_PATH}/recount`,
    operationId: 'recountFleet',
    permission: 'fleet.manage',
    tag: 'Fleet',
    summary: 'Count the occurrences again',
    description:
      'Compares the sums by issue, robot, version, site and hour with the stored occurrences, and corrects them. A difference is a defect of medkit: report it.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The differences that were corrected',
        schema: FleetRecount,
        example: { occurrences: 4120, different: 0, differences: [] },
      },
    },
    errors: FLEET_ERRORS,
  },
];

export const getFleetFigures: RouteFamily<typeof FleetFigures> = [
  {
    method: 'get',
    path: `${FLEET_PATH}/figures`,
    operationId: 'getFleetFigures',
    permission: 'fleet.read',
    tag: 'Fleet',
    summary: 'Read mean times between errors, times to repair, availability, or the most frequent faults',
    description: `\`mtbf\`: errors, running hours and the mean time between errors with its 90 % interval. \`mttr\`: median time until occurrences healed. \`availability\`: 1 - hours for which occurrences stopped robots / running hours. \`top\`: what has the most occurrences, or lost the most hours of motion. Site and software are those of the time. An active occurrence lasts until the hub last read its robot; one whose end was not reported has no duration. Without \`since\`, of the last 30 days; of ${FLEET_FIGURE_DAYS} days and 500,000 occurrences at most.`,
    join: 'local',
    parameters: [
      {
        name: 'what',
        in: 'query',
        description: 'Which figures; default `mtbf`',
        schema: oneOf(...(Object.keys(FLEET_FIGURES) as FleetFigure[])),
        example: 'mtbf',
      },
      {
        name: 'sort',
        in: 'query',
        description: 'Order of `top`; default `occurrences`',
        schema: oneOf(...FLEET_TOP_ORDERS),
        example: 'lost_hours',
      },
      {
        name: 'by',
        in: 'query',
        description: 'What to group by; default `robot`. `mtbf` and `availability` have no `issue` and `entity`',
        schema: oneOf(...FLEET_FIGURE_GROUPS),
        example: 'version',
      },
      time('since', 'Only hours from this time on'),
      time('until', 'Only hours up to this time'),
      ...filters.filter(({ name }) => name !== 'site'),
    ],
    responses: {
      200: {
        description: 'The figures',
        schema: FleetFigures,
        example: {
          by: 'version',
          since: '2026-03-01T00:00:00.000Z',
          until: '2026-03-31T00:00:00.000Z',
          robots: 12,
          stale: 1,
          items: [
            {
              name: 'navigation-2.1.0',
              occurrences: 20,
              errors: 10,
              too_few: false,
              running_hours: 500,
              mtbf_hours: 50,
              mtbf_low_hours: 29.5,
              mtbf_high_hours: 92.2,
            },
          ],
        },
      },
    },
    errors: ['invalid-parameter', ...FLEET_ERRORS],
  },
];
