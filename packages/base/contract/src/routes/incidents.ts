import { oneOf } from '../schemas/compose.ts';
import {
  DEFAULT_INCIDENTS,
  DEFAULT_TIMELINE_ROWS,
  type Incident,
  IncidentChange,
  IncidentDetail,
  IncidentList,
  IncidentMerge,
  IncidentSplit,
  IncidentTimeline,
  MAX_INCIDENTS,
  MAX_TIMELINE_ROWS,
} from '../schemas/incidents.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter, RouteFamily } from './route.ts';

const PATH = '/x-medkit-incidents';
const ONE = `${PATH}/{incident_id}`;
const ERRORS = ['not-implemented', 'resource-not-found', 'service-unavailable'] as const;
const MOVED = { description: 'It is part of another one', headers: { Location: 'Where that is' } };

const idParameter: Parameter = {
  name: 'incident_id',
  in: 'path',
  description: 'Id of the incident; one that was merged into another leads there',
  schema: Type.String({ minLength: 1, maxLength: 512 }),
  example: 'inc_41',
};

const moment = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: Type.String(),
  example: '2026-03-23T02:14:00Z',
});

const most = (standard: number, maximum: number): Parameter => ({
  name: 'limit',
  in: 'query',
  description: `At most so many; ${standard} unless given`,
  schema: Type.Integer({ minimum: 1, maximum }),
  example: 20,
});

const summary: Incident = {
  id: 'inc_41',
  title: 'Somebody is within the stop distance: the gate holds the robot',
  state: 'healed',
  severity: 2,
  severity_label: 'ERROR',
  robot: 'safety_island',
  began: '2026-03-23T02:14:38.079Z',
  healed_at: '2026-03-23T02:14:58.072Z',
  acknowledged_at: '2026-03-23T02:14:44.000Z',
  acknowledged_by: 'jan',
  root: 'PROTECTIVE_STOP',
  root_origin: 'safety_island',
  entity_id: 'safety_gate',
  entity_type: 'app',
  fault_count: 2,
  blocks_motion: false,
  crossing: {
    channel: 'min_range_m',
    value: 0.287,
    threshold: 0.8,
    unit: 'm',
    at: '2026-03-23T02:14:38.070Z',
  },
};

const detail: IncidentDetail = {
  ...summary,
  motion: 'no blocking fault known',
  faults: [
    {
      fault_code: 'PROTECTIVE_STOP',
      origin: 'safety_island',
      entity_id: 'safety_gate',
      entity_type: 'app',
      description: 'Somebody is within the stop distance: the gate holds the robot',
      severity: 2,
      severity_label: 'ERROR',
      role: 'root',
      because: 'first',
      why: 'It explains the others, or came first',
      delay_ms: 0,
      status: 'healed',
      occurrence: 1,
      times: 1,
      began: '2026-03-23T02:14:38.079Z',
      healed_at: '2026-03-23T02:14:57.900Z',
      href: '/api/v1/apps/safety_gate/faults/PROTECTIVE_STOP',
    },
    {
      fault_code: 'NAVIGATION_GOAL_ABORTED',
      entity_id: 'bt_navigator',
      entity_type: 'app',
      description: 'NavigateToPose aborted: Failed to make progress',
      severity: 2,
      severity_label: 'ERROR',
      role: 'symptom',
      because: 'rule',
      why: 'PROTECTIVE_STOP explains it, says the rule protective_stop',
      rule_id: 'protective_stop',
      delay_ms: 5971,
      status: 'healed',
      occurrence: 1,
      times: 1,
      began: '2026-03-23T02:14:44.050Z',
      healed_at: '2026-03-23T02:14:58.072Z',
      href: '/api/v1/apps/bt_navigator/faults/NAVIGATION_GOAL_ABORTED',
    },
  ],
  notes: [
    { at: '2026-03-23T02:20:11.000Z', by: 'jan', text: 'Somebody fetched a pallet. The lane is to be fenced off.' },
  ],
  recordings: [
    {
      id: 'fault_NAVIGATION_GOAL_ABORTED_1774232084050',
      fault_code: 'NAVIGATION_GOAL_ABORTED',
      href: '/apps/bt_navigator/bulk-data/rosbags/fault_NAVIGATION_GOAL_ABORTED_1774232084050',
      size_bytes: 189_439,
      format: 'mcap',
    },
  ],
  merged_ids: ['inc_7'],
};

export const listIncidents: RouteFamily<typeof IncidentList, never> = [
  {
    method: 'get',
    path: PATH,
    operationId: 'listIncidents',
    permission: 'read',
    tag: 'Incidents',
    summary: 'List incidents',
    description:
      'An incident is one event of the world with all faults that it made: those that a correlation rule or one recording puts together, those of related entities that come within 15 s, and those that come back meanwhile. A gateway that shows others has the faults of all of them in its incidents.',
    parameters: [
      {
        name: 'state',
        in: 'query',
        description: 'Only incidents that stand so; several parted by commas. `active` stands for `open,healed`',
        schema: Type.String(),
        example: 'open',
      },
      moment('since', 'Only incidents that were not over before this time (ISO 8601)'),
      moment('until', 'Only incidents that had begun by this time (ISO 8601)'),
      {
        name: 'entity',
        in: 'query',
        description: 'Only incidents with a fault of this entity or of what it contains',
        schema: Type.String(),
        example: 'navigation',
      },
      {
        name: 'severity',
        in: 'query',
        description: 'Only incidents at least this grave',
        schema: oneOf('info', 'warn', 'error', 'critical'),
        example: 'error',
      },
      most(DEFAULT_INCIDENTS, MAX_INCIDENTS),
      {
        name: 'cursor',
        in: 'query',
        description: 'Only incidents before this one: `next_cursor` of the reply before',
        schema: Type.String(),
        example: '1774232078079~inc_41',
      },
    ],
    responses: { 200: { description: 'The incidents', schema: IncidentList, example: { items: [summary] } } },
    errors: ['invalid-parameter', 'not-implemented', 'service-unavailable'],
  },
];

export const getIncident: RouteFamily<typeof IncidentDetail, never> = [
  {
    method: 'get',
    path: ONE,
    operationId: 'getIncident',
    permission: 'read',
    tag: 'Incidents',
    summary: 'Read an incident',
    description:
      'Its root, the other faults each with the reason why it is counted to it, what people noted, and what was recorded. `motion` says whether a fault of it holds the robot, as far as that is configured: `no blocking fault known` only while every gateway that could tell otherwise answers, else `unknown`; `not configured` if nothing is configured that holds the robot.',
    parameters: [idParameter],
    responses: {
      200: { description: 'The incident', schema: IncidentDetail, example: detail },
      308: MOVED,
    },
    errors: ERRORS,
  },
];

export const changeIncident: RouteFamily<typeof IncidentDetail, typeof IncidentChange> = [
  {
    method: 'put',
    path: ONE,
    operationId: 'changeIncident',
    permission: 'incidents',
    tag: 'Incidents',
    summary: 'Take an incident on, note something, put it away',
    description:
      'What is said is on disk when the reply comes, with the name of who asks. One that was closed takes no more faults, but for those that its own explain; with these it is open again.',
    parameters: [idParameter],
    body: {
      schema: IncidentChange,
      description: 'What is to be so; what is left out stays as it is',
      examples: {
        acknowledge: { acknowledged: true },
        note: { note: 'Somebody fetched a pallet.' },
        close: { state: 'closed', note: 'The lane is fenced off now.' },
      },
    },
    responses: {
      200: { description: 'The incident as it is now', schema: IncidentDetail, example: detail },
      308: MOVED,
    },
    errors: ['invalid-parameter', 'precondition-not-fulfilled', ...ERRORS],
  },
];

export const mergeIncidents: RouteFamily<typeof IncidentDetail, typeof IncidentMerge> = [
  {
    method: 'post',
    path: `${ONE}/merge`,
    operationId: 'mergeIncidents',
    permission: 'incidents',
    tag: 'Incidents',
    summary: 'Make one incident of several',
    description: 'The earliest of them keeps its id; the other ids lead to it from now on. Notes are kept.',
    parameters: [idParameter],
    body: {
      schema: IncidentMerge,
      description: 'The ids of those that are part of it',
      examples: { two: { incidents: ['inc_43', 'inc_44'] } },
    },
    responses: {
      200: { description: 'The incident as it is now', schema: IncidentDetail, example: detail },
      308: MOVED,
    },
    errors: ['invalid-parameter', ...ERRORS],
  },
];

export const splitIncident: RouteFamily<typeof IncidentDetail, typeof IncidentSplit> = [
  {
    method: 'post',
    path: `${ONE}/split`,
    operationId: 'splitIncident',
    permission: 'incidents',
    tag: 'Incidents',
    summary: 'Make an incident of its own of some faults',
    description: 'Gives the new incident. No rule puts the two together again.',
    parameters: [idParameter],
    body: {
      schema: IncidentSplit,
      description: 'The faults that are another event',
      examples: { one: { faults: [{ fault_code: 'BATTERY_MONITOR_PACK' }] } },
    },
    responses: {
      200: { description: 'The incident that was made', schema: IncidentDetail, example: detail },
      308: MOVED,
    },
    errors: ['invalid-parameter', ...ERRORS],
  },
];

export const getIncidentTimeline: RouteFamily<typeof IncidentTimeline, never> = [
  {
    method: 'get',
    path: `${ONE}/timeline`,
    operationId: 'getIncidentTimeline',
    permission: 'read',
    tag: 'Incidents',
    summary: 'What happened around an incident',
    description:
      'From 30 s before it began until 30 s after it was over: its faults, log lines from warnings on, executions of operations, who came and went, what people asked for with the values before and after, what was told to others, and what was said of the incident. What people did is withheld from who may not read the audit log.',
    parameters: [
      idParameter,
      {
        name: 'kinds',
        in: 'query',
        description:
          'Only rows of these kinds, parted by commas: fault, log, operation, lifecycle, people, message, incident',
        schema: Type.String(),
        example: 'fault,people',
      },
      moment('after', 'Only rows from this time on (ISO 8601), also before it began'),
      moment('before', 'Only rows before this time (ISO 8601)'),
      most(DEFAULT_TIMELINE_ROWS, MAX_TIMELINE_ROWS),
      {
        name: 'cursor',
        in: 'query',
        description: 'Only rows behind this one: `next_cursor` of the reply before',
        schema: Type.String(),
        example: '1774232078079~3',
      },
    ],
    responses: {
      200: {
        description: 'The rows',
        schema: IncidentTimeline,
        example: {
          items: [
            {
              at: '2026-03-23T02:14:30.100Z',
              kind: 'people',
              event: 'PUT',
              text: 'controller_server/configurations/max_speed_mps',
              entity_id: 'controller_server',
              entity_type: 'app',
              item: 'max_speed_mps',
              by: 'jan',
              outcome: 'done',
              from: '0.8',
              to: '1.2',
              record_id: 811,
            },
            {
              at: '2026-03-23T02:14:38.079Z',
              kind: 'fault',
              event: 'confirmed',
              text: 'Somebody is within the stop distance: the gate holds the robot',
              origin: 'safety_island',
              entity_id: 'safety_gate',
              entity_type: 'app',
              severity: 2,
              fault_code: 'PROTECTIVE_STOP',
            },
          ],
        },
      },
      308: MOVED,
    },
    errors: ['invalid-parameter', ...ERRORS],
  },
];

export const exportIncident: RouteFamily<never, never> = [
  {
    method: 'get',
    path: `${ONE}/export`,
    operationId: 'exportIncident',
    permission: 'files.read',
    tag: 'Incidents',
    summary: 'Everything of an incident as one file',
    description:
      'A zip archive: `incident.json`, `timeline.ndjson`, `faults/`, `frames/` as CSV, `recordings/` as they are, `logs.txt`, `audit.ndjson` for who may read the audit log, `health.json`, and `report.html`, which needs no network and has no script. What could not be had is listed in `missing.txt`.',
    parameters: [idParameter],
    responses: {
      200: { description: 'The archive', media: 'application/zip' },
      308: MOVED,
    },
    errors: ERRORS,
  },
];
