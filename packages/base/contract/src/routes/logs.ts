import { oneOf } from '../schemas/compose.ts';
import {
  LOG_SEVERITIES,
  LogConfiguration,
  type LogEntry,
  LogEntryList,
  MAX_LOG_CONTEXT_LENGTH,
  MAX_LOG_ENTRIES,
} from '../schemas/logs.ts';
import * as Type from '../schemas/type.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { LOG_LIST_JOIN } from './join.ts';
import type { Parameter, RouteFamily } from './route.ts';

const filters: readonly Parameter[] = [
  {
    name: 'severity',
    in: 'query',
    description: 'Only entries of at least this severity',
    schema: oneOf(...LOG_SEVERITIES),
    example: 'warning',
  },
  {
    name: 'context',
    in: 'query',
    description: 'Only entries whose logger name contains this text',
    schema: Type.String({ maxLength: MAX_LOG_CONTEXT_LENGTH }),
    example: 'planner',
  },
  {
    name: 'limit',
    in: 'query',
    description: 'Maximum number of entries: the newest, or with `since` the first after it',
    schema: Type.Integer({ minimum: 1, maximum: MAX_LOG_ENTRIES }),
    example: 50,
  },
  {
    name: 'since',
    in: 'query',
    description:
      'Only entries after this entry id, or entries that arrived after this time (ISO 8601, by the clock of the gateway). To follow a log, send the last id of each reply. After a restart ids begin again; an id of an earlier start returns the log from its beginning',
    schema: Type.String(),
    example: 'log_412',
  },
  {
    name: 'until',
    in: 'query',
    description: 'Only entries up to and including this entry id, or entries that arrived by this time (ISO 8601)',
    schema: Type.String(),
    example: '2026-03-23T02:15:00Z',
  },
  {
    name: 'before',
    in: 'query',
    description:
      'Only entries before this entry id or time of arrival (ISO 8601), newest first. To page back through a log, send the last id of each reply',
    schema: Type.String(),
    example: 'log_412',
  },
];

const example: LogEntry = {
  id: 'log_412',
  timestamp: '2026-03-23T02:14:33.000000000Z',
  received_at: '2026-03-23T02:14:33.004000000Z',
  severity: 'warning',
  level: 'WARNING',
  message: 'Planning failed: start pose outside global costmap bounds',
  logger_name: '/nav2_planner',
  context: { node: 'nav2_planner', function: 'computePlan', file: 'planner_server.cpp', line: 321 },
};

const headers = {
  'X-Medkit-Boot-Id':
    'Identifies the start of the gateway that the entry ids belong to; ids begin again with each start',
};

/** An entity whose log belongs to another gateway is listed by that gateway, or not at all. */
const LIST_ERRORS = [...ENTITY_ERRORS, 'not-implemented', ...RUNTIME_ERRORS] as const;

export const listLogs = entityRoutes<typeof LogEntryList, never>((terms) => ({
  method: 'get',
  path: '/logs',
  operationId: `list${terms.cap}Logs`,
  permission: 'read',
  tag: 'Logs',
  summary: `List the log entries of ${terms.a}`,
  description: 'Lists recent log entries of the entity or its members, oldest first.',
  join: LOG_LIST_JOIN,
  parameters: [...filters],
  responses: { 200: { description: 'The entries', schema: LogEntryList, example: { items: [example] }, headers } },
  errors: LIST_ERRORS,
}));

export const getLogConfiguration = entityRoutes<typeof LogConfiguration, never>((terms) => ({
  method: 'get',
  path: '/logs/configuration',
  operationId: `get${terms.cap}LogConfiguration`,
  permission: 'read',
  tag: 'Logs',
  summary: `Read the log configuration of ${terms.a}`,
  description:
    'Returns the lowest severity and the number of entries in the list of the entity. The setting does not affect what is stored.',
  join: 'first',
  responses: {
    200: {
      description: 'The configuration',
      schema: LogConfiguration,
      example: { severity_filter: 'debug', max_entries: 100 },
    },
  },
  errors: ENTITY_ERRORS,
}));

export const putLogConfiguration = entityRoutes<never, typeof LogConfiguration>((terms) => ({
  method: 'put',
  path: '/logs/configuration',
  operationId: `set${terms.cap}LogConfiguration`,
  permission: 'configurations.write',
  tag: 'Logs',
  summary: `Change the log configuration of ${terms.a}`,
  description: 'Changes the list until the gateway restarts. Omitted members stay unchanged.',
  join: 'first',
  body: {
    schema: LogConfiguration,
    description: 'The changes',
    examples: { 'Warnings and above': { severity_filter: 'warning' }, 'A long list': { max_entries: 1000 } },
  },
  responses: { 204: { description: 'Changed' } },
  errors: ENTITY_ERRORS,
}));

export const listRosout: RouteFamily<typeof LogEntryList> = [
  {
    method: 'get',
    path: '/rosout',
    operationId: 'listRosout',
    permission: 'read',
    tag: 'Logs',
    summary: 'List the log entries of the whole robot',
    description: 'Lists recent log entries of all nodes, oldest first, including nodes that are not entities.',
    join: 'local',
    parameters: filters,
    responses: { 200: { description: 'The entries', schema: LogEntryList, example: { items: [example] }, headers } },
    errors: ['invalid-parameter', ...RUNTIME_ERRORS],
  },
];

const within = (kind: 'area' | 'function', name: string, example: string): Parameter => ({
  name,
  in: 'query',
  description: `Only entries of this ${kind} or its members`,
  schema: Type.String(),
  example,
});

export const listRobotLogs: RouteFamily<typeof LogEntryList> = [
  {
    method: 'get',
    path: '/logs',
    operationId: 'listRobotLogs',
    permission: 'read',
    tag: 'Logs',
    summary: 'List the log entries of the robot, an area or a function',
    description:
      'With `area` or `function`, returns the log of that entity; otherwise that of `/rosout`. The two parameters cannot be combined.',
    join: 'local',
    parameters: [within('area', 'area', 'navigation'), within('function', 'function', 'driving'), ...filters],
    responses: { 200: { description: 'The entries', schema: LogEntryList, example: { items: [example] }, headers } },
    errors: LIST_ERRORS,
  },
];
