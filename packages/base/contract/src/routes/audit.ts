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
      'Only what was asked of this entity or changed on it by others, and the faults that it or what it contains has reported',
    schema: Type.String(),
    example: 'planner',
  },
  {
    name: 'client',
    in: 'query',
    description: 'Only what the client of this `X-Client-Id` has asked for, and the faults that it cleared',
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
    description:
      'Only requests that were to change this collection, such as `configurations`, and changes of it by others',
    schema: Type.String(),
    example: 'configurations',
  },
  {
    name: 'operation_id',
    in: 'query',
    description: 'Only requests on this route, by the id that it has in the documentation',
    schema: Type.String(),
    example: 'setAppConfiguration',
  },
  { name: 'kind', in: 'query', description: 'Only these records', schema: oneOf(...AUDIT_KINDS), example: 'request' },
  {
    name: 'outcome',
    in: 'query',
    description: 'Only requests that ended so: `refused` is 4xx, `failed` 5xx',
    schema: oneOf(...AUDIT_OUTCOMES),
    example: 'refused',
  },
  {
    name: 'status',
    in: 'query',
    description: 'Only requests of this HTTP status, or changes to this status of a fault',
    schema: Type.String(),
    example: '409',
  },
  {
    name: 'since',
    in: 'query',
    description: 'Only what happened at this time (ISO 8601) or later',
    schema: Type.String(),
    example: '2026-03-23T02:00:00Z',
  },
  {
    name: 'until',
    in: 'query',
    description: 'Only what happened before this time (ISO 8601)',
    schema: Type.String(),
    example: '2026-03-23T03:00:00Z',
  },
  {
    name: 'limit',
    in: 'query',
    description: `At most so many records; ${DEFAULT_AUDIT_RECORDS} unless given`,
    schema: Type.Integer({ minimum: 1, maximum: MAX_AUDIT_RECORDS }),
    example: 50,
  },
  {
    name: 'cursor',
    in: 'query',
    description: 'Only records before this one: `next_cursor` of the reply before',
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
      'Every request that was to change something, with client, lock and outcome, what others changed past this gateway, and the changes of faults where these are audited: one chain, the newest first. A gateway that shows others has the records of their logs among its own, by their times, each of them in the order of its own log; who does not answer within a second is named.',
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
    summary: 'Follow the audit log',
    description:
      'Server-sent events `audit`, each a record as the list has it, with the number of the record as its id, in the order of the log. A reconnect with `Last-Event-ID` misses nothing that is still kept, also after a restart; without it the stream begins with the last hundred that fit. It is the log of this gateway: that of another one is followed there.',
    parameters: [
      ...filters.filter(({ name }) => !OF_LISTS.has(name)),
      {
        name: 'Last-Event-ID',
        in: 'header',
        description: 'Id of the last record that was seen; clients of event streams send it by themselves',
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
    summary: 'Check the chain of the audit log',
    description:
      'Walks the whole log. Who asks meanwhile shares the answer. A gateway that shows others has each of them check its own log, and compares that with what it has seen of it before.',
    parameters: [],
    responses: {
      200: {
        description: 'The verdict',
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
    summary: 'Who was not let in',
    description:
      'By where from and why, since this gateway was started. The audit log has the first request in each hour for which somebody known lacked a permission, and a summary of each minute in which others were refused.',
    parameters: [],
    responses: {
      200: {
        description: 'The sources, the latest first',
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
    summary: 'Take the audit log of another gateway as it is now',
    description:
      'Forgets what was seen of it here. For a gateway whose log does not go on from that and is not to: that of a robot with a new disk.',
    parameters: [
      {
        name: 'gateway',
        in: 'path',
        description: 'Name of the gateway, as `GET /x-medkit-peers` has it',
        schema: Type.String({ minLength: 1 }),
        example: 'arm',
      },
    ],
    responses: { 204: { description: 'Forgotten' } },
    errors: ['resource-not-found', 'service-unavailable'],
  },
];
