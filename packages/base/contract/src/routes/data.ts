import {
  DATA_HISTORY,
  DataGrouping,
  DataHistory,
  DataListResult,
  DataValue,
  DataWriteRequest,
} from '../schemas/data.ts';
import * as Type from '../schemas/type.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { ITEM_LIST_JOIN } from './join.ts';
import { dataParameter } from './parameters.ts';

const battery = { topic: '/battery_state', type: 'sensor_msgs/msg/BatteryState' };

export const listData = entityRoutes<typeof DataListResult, never>((terms) => ({
  method: 'get',
  path: '/data',
  operationId: `list${terms.cap}Data`,
  permission: 'read',
  tag: 'Data',
  summary: `List the data of ${terms.a}`,
  description:
    'Lists the topics that the entity or one of its members publishes or subscribes to, with their types but without values.',
  join: ITEM_LIST_JOIN,
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

export const getDataItem = entityRoutes<typeof DataValue, never>((terms) => ({
  method: 'get',
  path: '/data/{data_id}',
  operationId: `get${terms.cap}DataItem`,
  permission: 'read',
  tag: 'Data',
  summary: `Read a value of ${terms.a}`,
  description:
    'Returns the newest value of a topic that one of the nodes publishes or subscribes to. Any other topic is 404, with the most similar name as `did_you_mean`. If no value has been received yet, the gateway waits up to `topic_sample_timeout_sec`. If none arrives, it returns `{}` with the status `metadata_only`.',
  join: 'first',
  parameters: [dataParameter],
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

export const getDataHistory = entityRoutes<typeof DataHistory, never>((terms) => ({
  method: 'get',
  path: '/data/{data_id}/x-medkit-history',
  operationId: `get${terms.cap}DataHistory`,
  permission: 'read',
  tag: 'Data',
  summary: `Read the recent history of a value of ${terms.a}`,
  description:
    'Returns the values that the fault manager buffers for the recordings and freeze frames of future faults. `from` is the time since which it buffers them. The request does not start buffering; for an item that is not buffered, the reply is 409 with the settings that enable it.',
  join: 'first',
  parameters: [
    {
      name: 'data_id',
      in: 'path',
      description: 'Id of the data item, with slashes as `%2F`; `member:topic` on an entity with members',
      schema: Type.String({ minLength: 1 }),
      example: 'cmd_vel',
    },
    {
      name: 'seconds',
      in: 'query',
      description: `Seconds to look back, up to ${seconds.max}; default ${seconds.usual}`,
      schema: Type.Number({ minimum: seconds.min, maximum: seconds.max }),
      example: 10,
    },
    {
      name: 'path',
      in: 'query',
      description: 'JSON Pointer (RFC 6901) to a number within each value; without it, whole values are returned',
      schema: Type.String(),
      example: '/linear/x',
    },
    {
      name: 'limit',
      in: 'query',
      description: `Maximum number of rows, up to ${limit.max}; default ${limit.usual}. If there are more, or if whole values exceed 4 MiB, the gateway omits rows evenly`,
      schema: Type.Integer({ minimum: limit.min, maximum: limit.max }),
      example: 500,
    },
  ],
  responses: {
    200: {
      description: 'The values, oldest first',
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

export const putDataItem = entityRoutes<typeof DataValue, typeof DataWriteRequest>((terms) => ({
  method: 'put',
  path: '/data/{data_id}',
  operationId: `put${terms.cap}DataItem`,
  permission: 'data.write',
  tag: 'Data',
  summary: `Write a value of ${terms.a}`,
  description:
    'Publishes one message. If the request names no type, the gateway uses the type of the topic in the graph. Omitted members get their defaults, which the reply shows. A member that the type does not have is refused. The gateway replies after the message is written or, with `acknowledge`, after it is received.',
  join: 'first',
  parameters: [dataParameter],
  body: {
    schema: DataWriteRequest,
    carriesMessage: true,
    description: 'The message, and its type unless the topic already has a publisher or subscriber',
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

export const listDataCategories = entityRoutes<typeof DataGrouping, never>((terms) => ({
  method: 'get',
  path: '/data-categories',
  operationId: `list${terms.cap}DataCategories`,
  permission: 'read',
  tag: 'Data',
  summary: `List the data categories of ${terms.a}`,
  description: 'Lists the categories of ISO 17978-3 that the data of the entity belongs to. Topics are `currentData`.',
  join: 'owner',
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

export const listDataGroups = entityRoutes<typeof DataGrouping, never>((terms) => ({
  method: 'get',
  path: '/data-groups',
  operationId: `list${terms.cap}DataGroups`,
  permission: 'read',
  tag: 'Data',
  summary: `List the data groups of ${terms.a}`,
  description: 'Lists the groups of the data of the entity: for topics, the packages of their message types.',
  join: 'owner',
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
