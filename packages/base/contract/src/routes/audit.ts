import { DeniedAccess } from '../schemas/access-refusals.ts';
import {
  AUDIT_KINDS,
  AUDIT_OUTCOMES,
  type AuditRecord,
  AuditRecordList,
  AuditVerification,
  DEFAULT_AUDIT_RECORDS,
  MAX_AUDIT_RECORDS,
} from '../schemas/audit.ts';
import { oneOf } from '../schemas/compose.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter, RouteFamily } from './route.ts';

const PATH = '/x-medkit-audit';

const filters: readonly Parameter[] = [
  {
    name: 'entity',
    in: 'query',
    description:
      'Only requests on this entity, changes of it by others, and the faults that it or its descendants reported',
    schema: Type.String(),
    example: 'planner',
  },
  {
    name: 'client',
    in: 'query',
    description: 'Only requests with this `X-Client-Id`, and the faults that this client cleared',
    schema: Type.String(),
    example: 'engineer-alice',
  },
  {
    name: 'fault_code',
    in: 'query',
    description: 'Only changes of this fault',
    schema: Type.String(),
    example: 'PLANNING_FAILED',
  },
  {
    name: 'collection',
    in: 'query',
    description: 'Only requests that change this collection, such as `configurations`, and changes of it by others',
    schema: Type.String(),
    example: 'configurations',
  },
  {
    name: 'operation_id',
    in: 'query',
    description: 'Only requests on the route with this operation id',
    schema: Type.String(),
    example: 'setAppConfiguration',
  },
  {
    name: 'kind',
    in: 'query',
    description: 'Only records of this kind',
    schema: oneOf(...AUDIT_KINDS),
    example: 'request',
  },
  {
    name: 'outcome',
    in: 'query',
    description: 'Only requests with this outcome: `refused` is 4xx, `failed` is 5xx',
    schema: oneOf(...AUDIT_OUTCOMES),
    example: 'refused',
  },
  {
    name: 'status',
    in: 'query',
    description: 'Only requests with this HTTP status, or faults that changed to this status',
    schema: Type.String(),
    example: '409',
  },
  {
    name: 'since',
    in: 'query',
    description: 'Only records from this time (ISO 8601) on',
    schema: Type.String(),
    example: '2026-03-23T02:00:00Z',
  },
  {
    name: 'until',
    in: 'query',
    description: 'Only records before this time (ISO 8601)',
    schema: Type.String(),
    example: '2026-03-23T03:00:00Z',
  },
  {
    name: 'limit',
    in: 'query',
    description: `Maximum number of records; default ${DEFAULT_AUDIT_RECORDS}`,
    schema: Type.Integer({ minimum: 1, maximum: MAX_AUDIT_RECORDS }),
    example: 50,
  },
  {
    name: 'cursor',
    in: 'query',
    description: 'Only records older than this one: `next_cursor` of the previous reply',
    schema: Type.String(),
    example: '412',
  },
];

const example: AuditRecord = {
  id: 412,
  timestamp: '2026-03-23T02:14:33.000000000Z',
  kind: 'request',
  request: {
    method: 'PUT',
    operation_id: 'setAppConfiguration',
    path: '/api/v1/apps/planner/configurations/rate',
    entity_type: 'app',
    entity_id: 'planner',
    collection: 'configurations',
    item: 'rate',
    client_id: 'engineer-alice',
    remote_address: '127.0.0.1',
    lock_id: 'lock_3',
    status: 409,
    outcome: 'refused',
    error_code: 'lock-broken',
    duration_ms: 0.4,
  },
  hash: '08db94e2eda0bdf9f2de1d6dff1e791ef848d82f8a592576c405177690a6fdf7',
};

export const listAuditRecords: RouteFamily<typeof AuditRecordList, never> = [
  {
    method: 'get',
    path: PATH,
    operationId: 'listAuditRecords',
    permission: 'audit.read',
    tag: 'Audit',
    summary: 'Search the audit log',
    description:
      'Returns one chain of records, newest first: every request that changes something, with client, lock and outcome; changes that other programs made; and changes of faults if these are audited. A gateway that shows other gateways merges their records by time and keeps the order of each log. Gateways that do not answer within a second are named in the reply.',
    join: 'handler',
    parameters: filters,
    responses: {
      200: {
        description: 'The records',
        schema: AuditRecordList,
        example: { items: [example], next_cursor: '412' },
      },
    },
    errors: ['invalid-parameter', 'service-unavailable'],
  },
];

/** Parameters that only the list route has. */
const OF_LISTS: ReadonlySet<string> = new Set(['until', 'limit', 'cursor']);

export const streamAuditRecords: RouteFamily = [
  {
    method: 'get',
    path: `${PATH}/events`,
    operationId: 'streamAuditRecords',
    permission: 'audit.read',
    tag: 'Audit',
    summary: 'Stream the audit log',
    description:
      'Sends server-sent events `audit` in the order of the log. Each contains a record as in the list, and its id is the number of the record. After a reconnect with `Last-Event-ID`, the stream continues with every record that is still stored, also after a restart. Without the header it begins with the last hundred matching records. The stream contains only the log of this gateway.',
    join: 'local',
    parameters: [
      ...filters.filter(({ name }) => !OF_LISTS.has(name)),
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'Id of the last received record; clients of event streams send it automatically',
        schema: Type.String(),
        example: '412',
      },
    ],
    responses: { 200: { description: 'The records', media: 'text/event-stream' } },
    errors: ['invalid-parameter', 'service-unavailable'],
  },
];

export const verifyAuditLog: RouteFamily<typeof AuditVerification, never> = [
  {
    method: 'get',
    path: `${PATH}/verify`,
    operationId: 'verifyAuditLog',
    permission: 'audit.verify',
    tag: 'Audit',
    summary: 'Verify the chain of the audit log',
    description:
      'Checks every record of the log. Concurrent requests share the result. A gateway that shows other gateways asks each of them to verify its log, and compares the result with what it has seen of that log before.',
    join: 'handler',
    parameters: [],
    responses: {
      200: {
        description: 'The result',
        schema: AuditVerification,
        example: { intact: true, checked: 412, head: { id: 412, hash: example.hash } },
      },
    },
    errors: ['service-unavailable'],
  },
];

export const listDeniedAccess: RouteFamily<typeof DeniedAccess, never> = [
  {
    method: 'get',
    path: `${PATH}/denied`,
    operationId: 'listDeniedAccess',
    permission: 'audit.read',
    tag: 'Audit',
    summary: 'List refused accesses',
    description:
      'Returns refused requests by source and reason, since the start of this gateway. The audit log contains the first request in each hour for which a known client lacked a permission, and a summary for each minute in which other requests were refused.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The sources, newest first',
        schema: DeniedAccess,
        example: {
          refused: 240,
          reasons: { 'wrong-credential': 240 },
          since: '2026-03-23T02:00:00.000Z',
          items: [
            {
              reason: 'wrong-credential',
              address: '192.0.2.7',
              operation_id: 'listApps',
              count: 240,
              first: '2026-03-23T02:13:40.000Z',
              last: '2026-03-23T02:14:33.000Z',
            },
          ],
          forgotten_sources: 0,
        },
      },
    },
    errors: [],
  },
];

export const acceptAuditLog: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: `${PATH}/witnesses/{gateway}`,
    operationId: 'acceptAuditLog',
    permission: 'audit.accept',
    tag: 'Audit',
    summary: 'Accept the current audit log of another gateway',
    description:
      'Discards what this gateway has recorded of the log of the other gateway. Use it if that log cannot continue from the recorded state, for example after the disk of a robot was replaced.',
    parameters: [
      {
        name: 'gateway',
        in: 'path',
        description: 'Name of the gateway, as in `GET /x-medkit-peers`',
        schema: Type.String({ minLength: 1 }),
        example: 'arm',
      },
    ],
    responses: { 204: { description: 'Discarded' } },
    errors: ['resource-not-found', 'service-unavailable'],
  },
];
