import { oneOf } from '../schemas/compose.ts';
import { FAULT_SEVERITIES } from '../schemas/fault-severity.ts';
import {
  FAULT_FILTERS,
  FaultClearMultiStatus,
  FaultDetailResult,
  FaultHistory,
  type FaultListItem,
  FaultListResult,
  type FaultOccurrence,
  MAX_FAULT_CODE_LENGTH,
  MAX_FAULTS_IN_PAGE,
} from '../schemas/faults.ts';
import * as Type from '../schemas/type.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS } from './errors.ts';
import { FAULT_LIST_JOIN } from './join.ts';
import type { Parameter, RouteFamily } from './route.ts';

/**
 * A fault manager that does not respond is reported as unavailable (503), not as late (504): clients of ros2_medkit
 * expect this.
 */
const MANAGER_ERRORS = ['service-unavailable'] as const;
const FAULT_ERRORS = [...ENTITY_ERRORS, 'resource-not-found', ...MANAGER_ERRORS] as const;

const codeParameter: Parameter = {
  name: 'fault_code',
  in: 'path',
  description: 'Code of the fault',
  schema: Type.String({ minLength: 1, maxLength: MAX_FAULT_CODE_LENGTH }),
  example: 'MOTOR_OVERHEAT',
};

const statusParameter: Parameter = {
  name: 'status',
  in: 'query',
  description:
    'Status of the faults: `pending` can still be confirmed, `healed` has healed or is about to heal, `cleared` includes these and faults that were cleared. Default: pending and confirmed',
  schema: oneOf(...FAULT_FILTERS),
  example: 'confirmed',
};

const flag = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: Type.Boolean(),
  example: true,
});

const item: FaultListItem = {
  fault_code: 'MOTOR_OVERHEAT',
  fault_name: 'Motor temperature high',
  severity: 2,
  severity_label: 'ERROR',
  description: 'Motor temperature high',
  status: 'CONFIRMED',
  status_object: { aggregatedStatus: 'active', testFailed: '1', confirmedDTC: '1', pendingDTC: '0' },
  first_occurred: 1770201000,
  last_occurred: 1770201012.5,
  confirmed_at: 1770201012.5,
  occurrence_count: 3,
  reporting_sources: ['/powertrain/motor'],
  entity_id: 'motor',
  entity_type: 'app',
  'x-medkit': {
    debounce_counter: -3,
    thresholds: [
      {
        source: '/powertrain/motor',
        confirmation_threshold: -3,
        healing_enabled: true,
        healing_threshold: 3,
        override: '/powertrain',
      },
    ],
  },
};

const list = { items: [item], 'x-medkit': { count: 1, muted_count: 0, cluster_count: 0 } };

const detail: FaultDetailResult = {
  item: {
    code: 'MOTOR_OVERHEAT',
    fault_name: 'Motor temperature high',
    severity: 2,
    status: { aggregatedStatus: 'active', testFailed: '1', confirmedDTC: '1', pendingDTC: '0' },
  },
  environment_data: {
    extended_data_records: {
      first_occurrence: '2026-02-04T10:30:00.000Z',
      last_occurrence: '2026-02-04T10:30:12.500Z',
      freeze_frame_snapshots: [
        {
          snapshot_id: 'temperature_1770201012500000000',
          timestamp: '2026-02-04T10:30:12.500Z',
          data_source: '/powertrain/motor/temperature',
          occurrence: 3,
          data: { temperature: 105.5, variance: 0 },
        },
      ],
      rosbag_snapshots: [
        {
          snapshot_id: 'fault_MOTOR_OVERHEAT_1770201012500',
          timestamp: '2026-02-04T10:30:12.500Z',
          bulk_data_uri: '/apps/motor/bulk-data/rosbags/fault_MOTOR_OVERHEAT_1770201012500',
          file_size: 184_320,
          is_available: true,
        },
      ],
    },
    snapshots: [
      {
        type: 'freeze_frame',
        name: 'temperature',
        data: 105.5,
        'x-medkit': {
          topic: '/powertrain/motor/temperature',
          message_type: 'sensor_msgs/msg/Temperature',
          full_data: { temperature: 105.5, variance: 0 },
          captured_at: '2026-02-04T10:30:12.500Z',
          occurrence: 3,
        },
      },
      {
        type: 'freeze_frame',
        name: 'history',
        data: {
          '/powertrain/motor/temperature.temperature': {
            value: 105.5,
            history: [
              [1_770_201_012_250, 98.25],
              [1_770_201_012_500, 105.5],
            ],
          },
        },
      },
      {
        type: 'rosbag',
        name: 'rosbag_fault_MOTOR_OVERHEAT_1770201012500',
        bulk_data_uri: '/apps/motor/bulk-data/rosbags/fault_MOTOR_OVERHEAT_1770201012500',
        size_bytes: 184_320,
        duration_sec: 6,
        format: 'sqlite3',
        'x-medkit': { captured_at: '2026-02-04T10:30:12.500Z' },
      },
    ],
    logs: [
      {
        occurrence: 3,
        from: '2026-02-04T10:29:42.500Z',
        to: '2026-02-04T10:30:42.500Z',
        items: [
          {
            timestamp: '2026-02-04T10:30:11.750000000Z',
            severity: 'warning',
            message: 'Fan does not turn',
            logger_name: '/powertrain/motor',
          },
        ],
      },
    ],
  },
  'x-medkit': {
    occurrence_count: 3,
    reporting_sources: ['/powertrain/motor'],
    severity_label: 'ERROR',
    status_raw: 'CONFIRMED',
    confirmed_at: 1770201012.5,
    entity_id: 'motor',
    entity_type: 'app',
  },
};

const occurrence: FaultOccurrence = {
  occurrence: 2,
  first_occurred: 1770201000,
  confirmed_at: 1770201000.25,
  healed_at: 1770201042.5,
};

const moment = (name: string, description: string): Parameter => ({
  name,
  in: 'query',
  description,
  schema: Type.String(),
  example: '2026-02-04T10:30:00Z',
});

export const listAllFaults: RouteFamily<typeof FaultListResult> = [
  {
    method: 'get',
    path: '/faults',
    operationId: 'listAllFaults',
    permission: 'read',
    tag: 'Faults',
    summary: 'List the faults of the whole robot',
    description: 'Lists all faults by code, including those of reporters that are not entities.',
    join: FAULT_LIST_JOIN,
    parameters: [
      statusParameter,
      flag('include_muted', 'Also muted symptoms, and the faults that mute them'),
      flag('include_clusters', 'Also the groups of related faults'),
      moment('since', 'Only faults that had not ended before this time (ISO 8601)'),
      moment('until', 'Only faults whose current occurrence began by this time (ISO 8601)'),
      {
        name: 'q',
        in: 'query',
        description:
          'Only faults with this text in code, description, reporters or the id of the entity; upper and lower case are equal',
        schema: Type.String(),
        example: 'motor',
      },
      {
        name: 'severity',
        in: 'query',
        description: 'Only faults of at least this severity',
        schema: oneOf(...FAULT_SEVERITIES.parameters),
        example: 'error',
      },
      {
        name: 'limit',
        in: 'query',
        description:
          'Maximum number of faults. All faults with the code of the last one are included. Without it, all faults are returned',
        schema: Type.Integer({ minimum: 1, maximum: MAX_FAULTS_IN_PAGE }),
        example: 100,
      },
      {
        name: 'cursor',
        in: 'query',
        description: 'Only faults after this one: `x-medkit.next_cursor` of the previous reply',
        schema: Type.String(),
        example: 'MOTOR_OVERHEAT',
      },
    ],
    responses: { 200: { description: 'The faults', schema: FaultListResult, example: list } },
    errors: ['invalid-parameter', ...MANAGER_ERRORS],
  },
];

export const clearAllFaults: RouteFamily = [
  {
    method: 'delete',
    path: '/faults',
    operationId: 'clearAllFaults',
    permission: 'faults.clear',
    tag: 'Faults',
    summary: 'Clear the faults of the whole robot',
    description:
      'Clears all faults of this gateway, including muted faults and the symptoms that each of them explains. Faults of peers stay.',
    join: 'local',
    parameters: [statusParameter],
    responses: {
      204: {
        description: 'Cleared',
        headers: { 'X-Medkit-Local-Only': '`true`: the request was not forwarded to peers' },
      },
    },
    errors: ['invalid-parameter', ...MANAGER_ERRORS],
  },
];

export const getRobotFault: RouteFamily<typeof FaultDetailResult> = [
  {
    method: 'get',
    path: '/faults/{fault_code}',
    operationId: 'getRobotFault',
    permission: 'read',
    tag: 'Faults',
    summary: 'Read a fault by its code',
    description:
      'Returns a fault of this gateway that belongs to no entity, for example on a gateway without components and areas. Faults of peers are not found.',
    join: 'local',
    parameters: [codeParameter],
    responses: { 200: { description: 'The fault', schema: FaultDetailResult, example: detail } },
    errors: ['invalid-parameter', 'resource-not-found', ...MANAGER_ERRORS],
  },
];

export const clearRobotFault: RouteFamily = [
  {
    method: 'delete',
    path: '/faults/{fault_code}',
    operationId: 'clearRobotFault',
    permission: 'faults.clear',
    tag: 'Faults',
    summary: 'Clear a fault by its code',
    description: 'Clears only this fault of this gateway. Symptoms that it explains, and faults of peers, stay.',
    join: 'local',
    parameters: [codeParameter],
    responses: { 204: { description: 'Cleared' } },
    errors: ['invalid-parameter', 'resource-not-found', ...MANAGER_ERRORS],
  },
];

export const streamFaults: RouteFamily = [
  {
    method: 'get',
    path: '/faults/stream',
    operationId: 'streamFaults',
    permission: 'read',
    tag: 'Faults',
    summary: 'Stream fault events',
    description:
      'Sends server-sent events `fault_confirmed`, `fault_updated`, `fault_healed` and `fault_cleared`. Each `fault_healed` is followed by a `fault_cleared`, for clients that do not know the former. Ids continue after a restart: after a reconnect with `Last-Event-ID`, the stream continues with every event that is still stored. Without the header, it begins with the last hundred events. Events of other gateways are included; the id then contains the position in the stream of each gateway, and clients return it unchanged. Events of a gateway that cannot be reached follow when it is available again. Comments report unreachable gateways, events that are no longer stored, and a restarted numbering.',
    join: 'handler',
    parameters: [
      {
        name: 'types',
        in: 'query',
        description: 'Only these events, separated by commas; also applies to the last hundred',
        schema: Type.String(),
        example: 'fault_confirmed,fault_healed',
      },
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'Id of the last received event; clients of event streams send it automatically',
        schema: Type.String(),
        example: '412',
      },
    ],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: ['invalid-parameter', ...MANAGER_ERRORS],
  },
];

export const listFaults = entityRoutes<typeof FaultListResult, never>((terms) => ({
  method: 'get',
  path: '/faults',
  operationId: `list${terms.cap}Faults`,
  permission: 'read',
  tag: 'Faults',
  summary: `List the faults of ${terms.a}`,
  description: 'Lists the faults that were reported only by the entity or its members, by code.',
  join: FAULT_LIST_JOIN,
  parameters: [statusParameter],
  responses: { 200: { description: 'The faults', schema: FaultListResult, example: list } },
  errors: [...ENTITY_ERRORS, ...MANAGER_ERRORS],
}));

export const clearEntityFaults = entityRoutes<typeof FaultClearMultiStatus, never>((terms) => ({
  method: 'delete',
  path: '/faults',
  operationId: `clearAll${terms.cap}Faults`,
  permission: 'faults.clear',
  tag: 'Faults',
  summary: `Clear the faults of ${terms.a}`,
  description: 'Clears the pending and confirmed faults of the entity, except symptoms that another reporter reported.',
  join: 'each',
  responses: {
    204: { description: 'Cleared' },
    207: {
      description: 'A gateway with a part of the entity did not clear its faults; the result of each',
      schema: FaultClearMultiStatus,
      example: {
        entity_id: 'warehouse',
        results: [
          { entity_id: 'warehouse', success: true },
          {
            entity_id: 'warehouse',
            success: false,
            error: 'The gateway arm at http://10.0.0.7:8080 does not answer: connect ECONNREFUSED 10.0.0.7:8080',
            'x-medkit': { origin: 'arm' },
          },
        ],
      },
    },
  },
  errors: [...ENTITY_ERRORS, ...MANAGER_ERRORS],
}));

export const getFault = entityRoutes<typeof FaultDetailResult, never>((terms) => ({
  method: 'get',
  path: '/faults/{fault_code}',
  operationId: `get${terms.cap}Fault`,
  permission: 'read',
  tag: 'Faults',
  summary: `Read a fault of ${terms.a}`,
  description: 'Returns the fault with the data captured when it occurred, and the reason for its status.',
  join: 'first',
  parameters: [codeParameter],
  responses: { 200: { description: 'The fault', schema: FaultDetailResult, example: detail } },
  errors: FAULT_ERRORS,
}));

export const getFaultHistory = entityRoutes<typeof FaultHistory, never>((terms) => ({
  method: 'get',
  path: '/faults/{fault_code}/x-medkit-history',
  operationId: `get${terms.cap}FaultHistory`,
  permission: 'read',
  tag: 'Faults',
  summary: `List the occurrences of a fault of ${terms.a}`,
  description: 'Lists the last hundred occurrences, oldest first.',
  join: 'first',
  parameters: [
    codeParameter,
    moment('since', 'Only occurrences that had not ended before this time (ISO 8601)'),
    moment('until', 'Only occurrences that began by this time (ISO 8601)'),
  ],
  responses: { 200: { description: 'The occurrences', schema: FaultHistory, example: { items: [occurrence] } } },
  errors: [...FAULT_ERRORS, 'invalid-parameter'],
}));

export const clearFault = entityRoutes<never, never>((terms) => ({
  method: 'delete',
  path: '/faults/{fault_code}',
  operationId: `clear${terms.cap}Fault`,
  permission: 'faults.clear',
  tag: 'Faults',
  summary: `Clear a fault of ${terms.a}`,
  description: 'Clears only this fault. Symptoms that it explains stay.',
  join: 'first',
  parameters: [codeParameter],
  responses: { 204: { description: 'Cleared' } },
  errors: FAULT_ERRORS,
}));
