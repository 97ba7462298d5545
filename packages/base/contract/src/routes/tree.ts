import { TreeFaults, TreeSnapshot } from '../schemas/tree.ts';
import type { RouteFamily } from './route.ts';

export const getTree: RouteFamily<typeof TreeSnapshot> = [
  {
    method: 'get',
    path: '/x-medkit-tree',
    operationId: 'getTree',
    permission: 'read',
    tag: 'Discovery',
    summary: 'Read the whole tree',
    description:
      'Returns all entities of all types in one reply, for other gateways and for pages that draw the tree. The reply has an ETag; send it as `If-None-Match` to receive only a changed tree.',
    join: 'tree',
    parameters: [],
    responses: {
      200: {
        description: 'The current tree',
        schema: TreeSnapshot,
        example: {
          gateway: { instance: '9f86d081884c' },
          items: [
            { type: 'component', id: 'amr_01', name: 'amr_01', source: 'runtime' },
            {
              type: 'app',
              id: 'lidar_driver',
              name: 'lidar_driver',
              source: 'heuristic',
              component: 'amr_01',
              node: '/lidar_driver',
              is_online: true,
              runtime: 'ros2',
            },
          ],
        },
      },
    },
    errors: [],
    cached: true,
  },
];

export const getTreeFaults: RouteFamily<typeof TreeFaults> = [
  {
    method: 'get',
    path: '/x-medkit-tree/faults',
    operationId: 'getTreeFaults',
    permission: 'read',
    tag: 'Discovery',
    summary: 'Count the open faults of the entities by severity',
    description:
      'Returns the number of pending and confirmed faults of each entity that reported them, including faults of other gateways. The counts are not part of the tree, so that its ETag changes only when entities appear, disappear or change.',
    join: { identity: 'none', order: 'gateway', sums: [] },
    parameters: [],
    responses: {
      200: {
        description: 'The current counts',
        schema: TreeFaults,
        example: {
          items: [
            { entity_type: 'app', entity_id: 'lidar_driver', info: 0, warning: 1, error: 0, critical: 0 },
            { entity_type: 'app', entity_id: 'bt_navigator', info: 0, warning: 0, error: 2, critical: 0 },
          ],
        },
      },
    },
    errors: ['service-unavailable'],
  },
];

export const streamTree: RouteFamily = [
  {
    method: 'get',
    path: '/x-medkit-tree/events',
    operationId: 'streamTree',
    permission: 'read',
    tag: 'Discovery',
    summary: 'Stream changes of the tree',
    description:
      'Sends server-sent events `tree` with `{"etag"}`, the current ETag of `x-medkit-tree`: one immediately, then one after every change. A slow client receives only the newest event.',
    parameters: [],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: ['service-unavailable'],
  },
];
