import { oneOf } from '../schemas/compose.ts';
import { FAULT_SEVERITIES } from '../schemas/fault-severity.ts';
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
const MOVED = {
  description: 'The incident was merged into another one',
  headers: { Location: 'Address of the other incident' },
};

const idParameter: Parameter = {
  name: 'incident_id',
  in: 'path',
  description: 'Id of the incident; the id of a merged incident redirects to the incident that contains it',
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
  description: `Maximum number; default ${standard}`,
  schema: Type.Integer({ minimum: 1, maximum }),
  example: 20,
});

const summary: Incident = {
  id: 'inc_41',
  title: 'Obstacle within the stop distance: the gate stops the robot',
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
      description: 'Obstacle within the stop distance: the gate stops the robot',
      severity: 2,
      severity_label: 'ERROR',
      role: 'root',
      because: 'first',
      why: 'Root cause of the other faults, or the first fault',
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
      why: 'Symptom of PROTECTIVE_STOP by the rule protective_stop',
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
    { at: '2026-03-23T02:20:11.000Z', by: 'jan', text: 'An operator fetched a pallet. The lane is to be fenced off.' },
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
      'Lists incidents. An incident groups all faults with a common cause: faults that a correlation rule or a shared recording connects, faults of related entities that occur within 15 s, and faults that recur meanwhile. A gateway that shows other gateways includes their faults in its incidents.',
    join: 'handler',
    parameters: [
      {
        name: 'state',
        in: 'query',
        description: 'Only incidents with this status; several separated by commas. `active` means `open,healed`',
        schema: Type.String(),
        example: 'open',
      },
      moment('since', 'Only incidents that had not ended before this time (ISO 8601)'),
      moment('until', 'Only incidents that began by this time (ISO 8601)'),
      {
        name: 'entity',
        in: 'query',
        description: 'Only incidents with a fault of this entity or of its descendants',
        schema: Type.String(),
        example: 'navigation',
      },
      {
        name: 'severity',
        in: 'query',
        description: 'Only incidents of at least this severity',
        schema: oneOf(...FAULT_SEVERITIES.parameters),
        example: 'error',
      },
      most(DEFAULT_INCIDENTS, MAX_INCIDENTS),
      {
        name: 'cursor',
        in: 'query',
        description: 'Only incidents older than this one: `next_cursor` of the previous reply',
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
      'Returns the root fault, the other faults with the reason why they belong to the incident, notes, and recordings. `motion` says whether a fault of the incident stops the robot: `no blocking fault known` if every gateway that could report one answers, otherwise `unknown`, and `not configured` if no blocking faults are configured.',
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
    summary: 'Update an incident',
    description:
      'Acknowledges, annotates or closes the incident. The gateway replies after the change and the name of the client are on disk. A closed incident accepts no more faults, except those that its own faults explain, which reopen it.',
    parameters: [idParameter],
    body: {
      schema: IncidentChange,
      description: 'The changes; omitted members stay unchanged',
      examples: {
        acknowledge: { acknowledged: true },
        note: { note: 'An operator fetched a pallet.' },
        close: { state: 'closed', note: 'The lane is fenced off now.' },
      },
    },
    responses: {
      200: { description: 'The incident after the change', schema: IncidentDetail, example: detail },
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
    summary: 'Merge incidents',
    description:
      'Merges the incidents into the earliest of them, which keeps its id. The other ids redirect to it. Notes are kept.',
    parameters: [idParameter],
    body: {
      schema: IncidentMerge,
      description: 'The ids of the incidents to merge',
      examples: { two: { incidents: ['inc_43', 'inc_44'] } },
    },
    responses: {
      200: { description: 'The incident after the change', schema: IncidentDetail, example: detail },
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
    summary: 'Split faults off an incident',
    description: 'Moves some faults into a new incident, and returns it. The gateway does not merge the two again.',
    parameters: [idParameter],
    body: {
      schema: IncidentSplit,
      description: 'The faults to move',
      examples: { one: { faults: [{ fault_code: 'BATTERY_MONITOR_PACK' }] } },
    },
    responses: {
      200: { description: 'The new incident', schema: IncidentDetail, example: detail },
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
    summary: 'Read the timeline of an incident',
    description:
      'Returns what happened from 30 s before the incident began until 30 s after it ended: its faults, log entries from warnings on, executions of operations, entities that appeared and disappeared, requests of clients with the values before and after, notifications, and changes of the incident. Requests of clients are omitted if the client may not read the audit log.',
    join: 'handler',
    parameters: [
      idParameter,
      {
        name: 'kinds',
        in: 'query',
        description:
          'Only rows of these kinds, separated by commas: fault, log, operation, lifecycle, people, message, incident',
        schema: Type.String(),
        example: 'fault,people',
      },
      moment('after', 'Only rows from this time (ISO 8601) on, which may be before the beginning of the incident'),
      moment('before', 'Only rows before this time (ISO 8601)'),
      most(DEFAULT_TIMELINE_ROWS, MAX_TIMELINE_ROWS),
      {
        name: 'cursor',
        in: 'query',
        description: 'Only rows after this one: `next_cursor` of the previous reply',
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
              text: 'Obstacle within the stop distance: the gate stops the robot',
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
    summary: 'Export an incident',
    description:
      'Returns a zip archive: `incident.json`, `timeline.ndjson`, `faults/`, `frames/` as CSV, `recordings/` unchanged, `logs.txt`, `health.json`, and `report.html`, which works offline and without scripts. If the client may read the audit log, it also contains `audit.ndjson`. `missing.txt` lists what could not be read.',
    parameters: [idParameter],
    responses: {
      200: { description: 'The archive', media: 'application/zip' },
      308: MOVED,
    },
    errors: ERRORS,
  },
];
