import * as Type from '../schemas/type.ts';
import {
  UPLINK_RECORDS,
  UPLINK_WAIT_SEC,
  type UplinkBudget,
  UplinkCursor,
  type UplinkHub,
  UplinkState,
  UplinkStatus,
} from '../schemas/uplink.ts';
import type { RouteFamily } from './route.ts';

const PATH = '/x-medkit-uplink';
const LOG = '6f1d2c0e-8a3b-4c55-9d0f-2b7e61a4c9d3';
const connection: Omit<UplinkHub, 'required'> = {
  state: 'connected',
  since: '2026-03-23T02:14:38.000Z',
  hub: { name: 'hub.example.com', url: 'https://hub.example.com/', fingerprint: '5JX2V9QK3M7TB0WRHD4A' },
  robot: 'amr-17',
  tenant: 'default',
  fingerprint: '8ZC1N6PFYG2S5EKX7Q0T',
  enrolled_at: '2026-03-01T09:30:00.000Z',
  role: 'operator',
  permissions: ['data.write', 'faults.clear', 'operations.run', 'read'],
  round_trip_ms: 42,
  hub_clock_offset_ms: -310,
};
const LOCAL_ONLY =
  'Only the fleet hub and programs on the same machine may use it. Needs an enrolled robot, or the setting `hub.url`.';
const ERRORS = ['not-implemented', 'insufficient-access-rights', 'service-unavailable'] as const;

const usedToday: UplinkBudget = {
  day: '2026-03-23',
  renews: '2026-03-23T23:00:00.000Z',
  used_bytes: 1_204_311,
  limit_bytes: 50_000_000,
  left_bytes: 48_795_689,
  metered: true,
  classes: [
    { class: 0, sent_bytes: 81_204, received_bytes: 79_400 },
    { class: 1, sent_bytes: 1_004_200, received_bytes: 39_507 },
  ],
};

export const getUplink: RouteFamily<typeof UplinkStatus> = [
  {
    method: 'get',
    path: PATH,
    operationId: 'getUplink',
    permission: 'read',
    tag: 'Uplink',
    summary: 'Show the connections of this robot to its fleet hubs',
    description:
      'Returns for each hub the state of the connection, what the hub may do on this robot, the records that wait, and why the last attempt failed.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The connection',
        schema: UplinkStatus,
        example: {
          ...connection,
          budget: usedToday,
          log: { id: LOG, newest: 412, waiting: 0, hubs: [{ hub: 'hub.example.com', seq: 412 }] },
          hubs: [{ ...connection, budget: usedToday, required: true, waiting: 0 }],
        },
      },
    },
    errors: ['service-unavailable'],
  },
];

export const getUplinkState: RouteFamily<typeof UplinkState> = [
  {
    method: 'get',
    path: `${PATH}/state`,
    operationId: 'getUplinkState',
    permission: 'uplink',
    tag: 'Uplink',
    summary: 'Show the present state of the robot and the end of its uplink log',
    description: `Returns what is active now, for a hub that reads the history later. The state is at least as new as record \`newest\`. ${LOCAL_ONLY}`,
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The state',
        schema: UplinkState,
        example: {
          log: LOG,
          newest: 412,
          hash: '3b0f51c2a4de97780c6e1f0a9d24b8e7',
          removed: 0,
          boot: 7,
          at_ms: 1774232078000,
          mono_ms: 86400000,
          tree_etag: '"a1b2c3d4e5f6-41"',
          faults: [],
          more_faults: 0,
          incidents: [],
          hubs: [{ hub: 'hub.example.com', seq: 400 }],
          budget: usedToday,
        },
      },
    },
    errors: ERRORS,
  },
];

export const readUplinkLog: RouteFamily = [
  {
    method: 'get',
    path: `${PATH}/log`,
    operationId: 'readUplinkLog',
    permission: 'uplink',
    tag: 'Uplink',
    summary: 'Read the uplink log',
    description: `Returns the records after a number, one JSON object a line. \`hash\` is the first 16 bytes of the SHA-256 of the previous hash, \`seq\`, \`kind\` and the exact text of \`body\`, the last member. A line \`{"kind":"hole","from":…,"to":…}\` stands for records that were removed unread; a record of kind \`gap\` counts them. With \`wait_sec\`, the reply stays open and contains later records as they are written. ${LOCAL_ONLY}`,
    join: 'local',
    parameters: [
      {
        name: 'after',
        in: 'query',
        description: 'Only records after this number; default 0',
        schema: Type.Integer({ minimum: 0, maximum: Number.MAX_SAFE_INTEGER }),
        example: 400,
      },
      {
        name: 'log',
        in: 'query',
        description: 'Id of the log that the client has read; another log is 409',
        schema: Type.String({ minLength: 1, maxLength: 64 }),
        example: LOG,
      },
      {
        name: 'limit',
        in: 'query',
        description: `Maximum number of records; default ${UPLINK_RECORDS.usual}`,
        schema: Type.Integer({ minimum: 1, maximum: UPLINK_RECORDS.max }),
        example: 100,
      },
      {
        name: 'max_kb',
        in: 'query',
        description: 'Kilobytes of text after which the reply ends; default 512. One record is always sent.',
        schema: Type.Integer({ minimum: 1, maximum: 4096 }),
        example: 512,
      },
      {
        name: 'wait_sec',
        in: 'query',
        description: `Seconds for which the reply stays open; default ${UPLINK_WAIT_SEC.usual}`,
        schema: Type.Integer({ minimum: 0, maximum: UPLINK_WAIT_SEC.max }),
        example: 30,
      },
    ],
    responses: { 200: { description: 'The records', media: 'application/x-ndjson' } },
    errors: ['invalid-parameter', 'precondition-not-fulfilled', 'x-medkit-log-gone', ...ERRORS],
  },
];

export const setUplinkCursor: RouteFamily<never, typeof UplinkCursor> = [
  {
    method: 'put',
    path: `${PATH}/cursor`,
    operationId: 'setUplinkCursor',
    permission: 'uplink',
    tag: 'Uplink',
    summary: 'Report up to which record a hub has committed the uplink log',
    description: `Acknowledged records stay for 7 days, 50,000 at most. Records that a hub has not acknowledged stay while there is room. Over the uplink, the cursor is that of the connected hub, whatever name the body has. ${LOCAL_ONLY}`,
    join: 'local',
    parameters: [],
    body: {
      description: 'The cursor',
      schema: UplinkCursor,
      examples: { cursor: { hub: 'hub.example.com', log: LOG, seq: 412 } },
    },
    responses: { 204: { description: 'Stored' } },
    errors: ['precondition-not-fulfilled', ...ERRORS],
  },
];
