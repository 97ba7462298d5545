import {
  DATA_HISTORY,
  DataGrouping,
  DataHistory,
  DataListResult,
  DataValue,
  DataWriteRequest,
} from '../schemas/data.ts';
import * as Type from '../schemas/type.ts';
import { entityPath } from './entity-kinds.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { dataParameter, entityParameter } from './parameters.ts';
import { perKind } from './route.ts';

const battery = { topic: '/battery_state', type: 'sensor_msgs/msg/BatteryState' };

export const listData = perKind<typeof DataListResult, never>((words) => ({
  method: 'get',
  path: `${entityPath(words)}/data`,
  operationId: `list${words.cap}Data`,
  permission: 'read',
  tag: 'Data',
  summary: `List the data of ${words.a}`,
  description: 'The topics that it, or one of its members, publishes or subscribes to, with their types. No values.',
  kind: words.kind,
  parameters: [entityParameter(words)],
  responses: {
    200: {
      description: 'The data items',
      schema: DataListResult,
      example: {
        items: [
          {
            id: '/battery_state',
            name: '/battery_state',
            category: 'currentData',
            'x-medkit': { ros2: { ...battery, direction: 'publish' } },
          },
        ],
        'x-medkit': { entity_id: 'battery_monitor', total_count: 1 },
      },
    },
  },
  errors: [...ENTITY_ERRORS, ...RUNTIME_ERRORS],
}));

export const getDataItem = perKind<typeof DataValue, never>((words) => ({
  method: 'get',
  path: `${entityPath(words)}/data/{data_id}`,
  operationId: `get${words.cap}DataItem`,
  permission: 'read',
  tag: 'Data',
  summary: `Read a value of ${words.a}`,
  description:
    'The newest value of a topic that one of its nodes publishes or subscribes to; any other is 404 with the nearest as `did_you_mean`. Where none has been received yet it waits for one, at most `topic_sample_timeout_sec`; without one the answer is `{}` with status `metadata_only`.',
  kind: words.kind,
  parameters: [entityParameter(words), dataParameter],
  responses: {
    200: {
      description: 'The value',
      schema: DataValue,
      example: {
        id: '/battery_state',
        data: { voltage: 24.8, percentage: 0.81 },
        value: { voltage: 24.8, percentage: 0.81 },
        'x-medkit': {
          entity_id: 'battery_monitor',
          ros2: battery,
          status: 'data',
          timestamp: 1774231973000000000,
          publisher_count: 1,
          subscriber_count: 0,
        },
      },
    },
  },
  errors: [
    ...ENTITY_ERRORS,
    'invalid-request',
    'resource-not-found',
    'x-medkit-subscribe-failed',
    'x-medkit-cold-wait-cap-exceeded',
    ...RUNTIME_ERRORS,
  ],
}));

const { seconds, limit } = DATA_HISTORY;

export const getDataHistory = perKind<typeof DataHistory, never>((words) => ({
  method: 'get',
  path: `${entityPath(words)}/data/{data_id}/x-medkit-history`,
  operationId: `get${words.cap}DataHistory`,
  permission: 'read',
  tag: 'Data',
  summary: `Read the last seconds of a value of ${words.a}`,
  description:
    'Of what the fault manager keeps at hand in any case, for recordings and freeze frames of faults to come: `from` says since when. It keeps nothing more for this; an item that it does not keep is 409 with the settings that would keep it.',
  kind: words.kind,
  parameters: [
    entityParameter(words),
    {
      name: 'data_id',
      in: 'path',
      description: 'Id of the data item, slashes within it as `%2F`; `member:topic` on an entity with members',
      schema: Type.String({ minLength: 1 }),
      example: 'cmd_vel',
    },
    {
      name: 'seconds',
      in: 'query',
      description: `How far back, up to ${seconds.max}; ${seconds.usual} unless given`,
      schema: Type.Number({ minimum: seconds.min, maximum: seconds.max }),
      example: 10,
    },
    {
      name: 'path',
      in: 'query',
      description: 'JSON Pointer (RFC 6901) to a number within each value; whole values unless given',
      schema: Type.String(),
      example: '/linear/x',
    },
    {
      name: 'limit',
      in: 'query',
      description: `Rows at most, up to ${limit.max}; ${limit.usual} unless given. Of more some between them are left out, evenly, and so it is with whole values of more than 4 MiB`,
      schema: Type.Integer({ minimum: limit.min, maximum: limit.max }),
      example: 500,
    },
  ],
  responses: {
    200: {
      description: 'The values, the oldest first',
      schema: DataHistory,
      example: {
        id: '/cmd_vel',
        path: '/linear/x',
        items: [
          [1774231972900000000, 0.8],
          [1774231973000000000, 0.42],
        ],
        'x-medkit': {
          entity_id: 'controller_server',
          type: 'geometry_msgs/msg/Twist',
          from: 1774231968000000000,
          kept_for: 'recordings',
          omitted: 0,
        },
      },
    },
  },
  errors: [...ENTITY_ERRORS, 'invalid-request', 'resource-not-found', 'precondition-not-fulfilled', ...RUNTIME_ERRORS],
}));

export const putDataItem = perKind<typeof DataValue, typeof DataWriteRequest>((words) => ({
  method: 'put',
  path: `${entityPath(words)}/data/{data_id}`,
  operationId: `put${words.cap}DataItem`,
  permission: 'data.write',
  tag: 'Data',
  summary: `Write a value of ${words.a}`,
  description:
    'Publishes one message. The type is taken from the graph where the request names none. What is left out goes out at its default, which the answer shows; a member that the type does not have is refused. The answer comes when the message is written; with `acknowledge` when it was received.',
  kind: words.kind,
  parameters: [entityParameter(words), dataParameter],
  body: {
    schema: DataWriteRequest,
    carriesMessage: true,
    description: 'The message, and its type unless somebody already publishes or subscribes to the topic',
    examples: {
      'A velocity command': {
        type: 'geometry_msgs/msg/Twist',
        data: { linear: { x: 0.2, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } },
      },
      'The type from the graph': { data: { linear: { x: 0 }, angular: { z: 0 } } },
    },
  },
  responses: {
    200: {
      description: 'Published',
      schema: DataValue,
      example: {
        id: '/cmd_vel',
        data: { linear: { x: 0.2, y: 0, z: 0 }, angular: { x: 0, y: 0, z: 0 } },
        'x-medkit': {
          entity_id: 'controller_server',
          ros2: { topic: '/cmd_vel', type: 'geometry_msgs/msg/Twist' },
          status: 'published',
        },
      },
    },
  },
  errors: [...ENTITY_ERRORS, 'resource-not-found', ...RUNTIME_ERRORS],
}));

export const listDataCategories = perKind<typeof DataGrouping, never>((words) => ({
  method: 'get',
  path: `${entityPath(words)}/data-categories`,
  operationId: `list${words.cap}DataCategories`,
  permission: 'read',
  tag: 'Data',
  summary: `Data categories of ${words.a}`,
  description: 'The categories of ISO 17978-3 that some of its data belongs to; topics are `currentData`.',
  kind: words.kind,
  parameters: [entityParameter(words)],
  responses: {
    200: {
      description: 'The categories',
      schema: DataGrouping,
      example: {
        items: [{ id: 'currentData', category: 'currentData' }],
        'x-medkit': { entity_id: 'battery_monitor', total_count: 1 },
      },
    },
  },
  errors: [...ENTITY_ERRORS, ...RUNTIME_ERRORS],
}));

export const listDataGroups = perKind<typeof DataGrouping, never>((words) => ({
  method: 'get',
  path: `${entityPath(words)}/data-groups`,
  operationId: `list${words.cap}DataGroups`,
  permission: 'read',
  tag: 'Data',
  summary: `Data groups of ${words.a}`,
  description: 'The groups that its data falls into: for topics, the packages of their message types.',
  kind: words.kind,
  parameters: [entityParameter(words)],
  responses: {
    200: {
      description: 'The groups',
      schema: DataGrouping,
      example: {
        items: [{ id: 'sensor_msgs', category: 'currentData' }],
        'x-medkit': { entity_id: 'battery_monitor', total_count: 1 },
      },
    },
  },
  errors: [...ENTITY_ERRORS, ...RUNTIME_ERRORS],
}));
