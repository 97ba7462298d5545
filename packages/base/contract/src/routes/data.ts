import {
  DATA_HISTORY,
  DataGrouping,
  DataHistory,
  DataListResult,
  DataValue,
  DataWriteRequest,
} from '../schemas/data.ts';
import { DATA_PICTURE } from '../schemas/data-picture.ts';
import * as Type from '../schemas/type.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { ITEM_LIST_JOIN } from './join.ts';
import { dataParameter } from './parameters.ts';
import type { Parameter } from './route.ts';

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

/** The item of a vendor resource: its id is one path segment. */
const segmentParameter: Parameter = {
  name: 'data_id',
  in: 'path',
  description: 'Id of the data item, with slashes as `%2F`; `member:topic` on an entity with members',
  schema: Type.String({ minLength: 1 }),
  example: 'cmd_vel',
};

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
    segmentParameter,
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

export const getDataPicture = entityRoutes<never, never>((terms) => ({
  method: 'get',
  path: '/data/{data_id}/x-medkit-picture',
  operationId: `get${terms.cap}DataPicture`,
  permission: 'read',
  tag: 'Data',
  summary: `Read an image of ${terms.a} as a picture`,
  description: `Returns the newest image of a topic of type \`sensor_msgs/msg/Image\` or \`sensor_msgs/msg/CompressedImage\`, for display. An image is sent as PNG, reduced to at most ${DATA_PICTURE.width.max} pixels in each direction and 8 bits per channel. Depth images are scaled to their range: nearer is darker, and black is no measurement. A JPEG, PNG or WebP of a compressed image is sent unchanged, whatever \`width\` is. The gateway waits for a first message like for a value. It subscribes to the topic only while clients read it. If the image cannot be displayed, the reply is 409 with the reason.`,
  join: 'first',
  parameters: [
    { ...segmentParameter, example: 'camera%2Fimage_raw' },
    {
      name: 'width',
      in: 'query',
      description: `Maximum width in pixels, ${DATA_PICTURE.width.min} to ${DATA_PICTURE.width.max}; default ${DATA_PICTURE.width.usual}. An image is never enlarged`,
      schema: Type.Integer({ minimum: DATA_PICTURE.width.min, maximum: DATA_PICTURE.width.max }),
      example: 320,
    },
  ],
  responses: {
    200: {
      description: 'The picture: `image/png`, `image/jpeg` or `image/webp`',
      media: 'image/*',
      headers: {
        ETag: 'Changes with the image; a request with `If-None-Match` is answered with 304 until the next image',
        [DATA_PICTURE.headers.timestamp]:
          'Arrival time of the image in nanoseconds since 1970, by the clock of the gateway',
        [DATA_PICTURE.headers.width]: 'Width of the image at its source, in pixels',
        [DATA_PICTURE.headers.height]: 'Height of the image at its source, in pixels',
        [DATA_PICTURE.headers.encoding]: 'Encoding of the image at its source, such as `rgb8`, or `jpeg`',
      },
    },
  },
  errors: [
    ...ENTITY_ERRORS,
    'invalid-request',
    'resource-not-found',
    'precondition-not-fulfilled',
    'x-medkit-ros2-topic-unavailable',
    'x-medkit-subscribe-failed',
    'x-medkit-cold-wait-cap-exceeded',
    ...RUNTIME_ERRORS,
  ],
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
