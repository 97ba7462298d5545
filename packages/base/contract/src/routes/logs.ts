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
import { entityPath } from './entity-kinds.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { entityParameter } from './parameters.ts';
import { type Parameter, perKind, type RouteFamily } from './route.ts';

const filters: readonly Parameter[] = [
  {
    name: 'severity',
    in: 'query',
    description: 'Only entries at least this grave',
    schema: oneOf(...LOG_SEVERITIES),
    example: 'warning',
  },
  {
    name: 'context',
    in: 'query',
    description: 'Only entries whose logger has this in its name',
    schema: Type.String({ maxLength: MAX_LOG_CONTEXT_LENGTH }),
    example: 'planner',
  },
  {
    name: 'limit',
    in: 'query',
    description: 'At most so many entries: the newest, or with `since` the first ones after it',
    schema: Type.Integer({ minimum: 1, maximum: MAX_LOG_ENTRIES }),
    example: 50,
  },
  {
    name: 'since',
    in: 'query',
    description:
      'Only what came after this entry id, or arrived after this time (ISO 8601, by the clock of the gateway). Ask with the last id of each reply to follow a log; an id that is not given yet, from an earlier start, begins anew',
    schema: Type.String(),
    example: 'log_412',
  },
  {
    name: 'until',
    in: 'query',
    description: 'Only what came up to and with this entry id, or arrived by this time (ISO 8601)',
    schema: Type.String(),
    example: '2026-03-23T02:15:00Z',
  },
  {
    name: 'before',
    in: 'query',
    description:
      'Only what came before this entry id, or arrived before this time (ISO 8601), the newest first: ask with the last id of each reply to go back through a log',
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
  'X-Medkit-Boot-Id': 'Of the start of the gateway that the ids belong to; they begin anew with another',
};

/** An entity whose log belongs to another gateway is listed by that gateway, or not at all. */
const LIST_ERRORS = [...ENTITY_ERRORS, 'not-implemented', ...RUNTIME_ERRORS] as const;

export const listLogs = perKind<typeof LogEntryList, never>((words) => ({
  method: 'get',
  path: `${entityPath(words)}/logs`,
  operationId: `list${words.cap}Logs`,
  permission: 'read',
  tag: 'Logs',
  summary: `List the log entries of ${words.a}`,
  description: 'What it, or one of its members, has logged lately, the oldest first.',
  kind: words.kind,
  parameters: [entityParameter(words), ...filters],
  responses: { 200: { description: 'The entries', schema: LogEntryList, example: { items: [example] }, headers } },
  errors: LIST_ERRORS,
}));

export const getLogConfiguration = perKind<typeof LogConfiguration, never>((words) => ({
  method: 'get',
  path: `${entityPath(words)}/logs/configuration`,
  operationId: `get${words.cap}LogConfiguration`,
  permission: 'read',
  tag: 'Logs',
  summary: `How the log of ${words.a} is listed`,
  description: 'The least severity that its list shows, and how many entries. Nothing less is stored.',
  kind: words.kind,
  parameters: [entityParameter(words)],
  responses: {
    200: {
      description: 'The configuration',
      schema: LogConfiguration,
      example: { severity_filter: 'debug', max_entries: 100 },
    },
  },
  errors: ENTITY_ERRORS,
}));

export const putLogConfiguration = perKind<never, typeof LogConfiguration>((words) => ({
  method: 'put',
  path: `${entityPath(words)}/logs/configuration`,
  operationId: `set${words.cap}LogConfiguration`,
  permission: 'configurations.write',
  tag: 'Logs',
  summary: `Change how the log of ${words.a} is listed`,
  description: 'Until the gateway restarts. What the request leaves out stays as it is.',
  kind: words.kind,
  parameters: [entityParameter(words)],
  body: {
    schema: LogConfiguration,
    description: 'What is to change',
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
    description: 'What was logged lately, by nodes that are no entities as well, the oldest first.',
    parameters: filters,
    responses: { 200: { description: 'The entries', schema: LogEntryList, example: { items: [example] }, headers } },
    errors: ['invalid-parameter', ...RUNTIME_ERRORS],
  },
];

const within = (kind: 'area' | 'function', name: string, example: string): Parameter => ({
  name,
  in: 'query',
  description: `Only what belongs to this ${kind}, or to what is in it`,
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
    summary: 'List the log entries of the whole robot, of an area or of a function',
    description:
      'With `area` or `function` the list of that entity, with neither that of `/rosout`; what both would have is not told.',
    parameters: [within('area', 'area', 'navigation'), within('function', 'function', 'driving'), ...filters],
    responses: { 200: { description: 'The entries', schema: LogEntryList, example: { items: [example] }, headers } },
    errors: LIST_ERRORS,
  },
];
