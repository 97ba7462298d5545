import { TreeSnapshot } from '../schemas/tree.ts';
import type { RouteFamily } from './route.ts';

export const getTree: RouteFamily<typeof TreeSnapshot> = [
  {
    method: 'get',
    path: '/x-medkit-tree',
    operationId: 'getTree',
    permission: 'read',
    tag: 'Discovery',
    summary: 'The whole tree',
    description:
      'All entities of all types with what the tree tells of them, in one reply: for another gateway that shows them, and for pages that draw the tree. With an ETag: whoever has it asks with `If-None-Match`.',
    parameters: [],
    responses: {
      200: {
        description: 'The tree of this moment',
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
            },
          ],
        },
      },
    },
    errors: [],
    cached: true,
  },
];

export const streamTree: RouteFamily = [
  {
    method: 'get',
    path: '/x-medkit-tree/events',
    operationId: 'streamTree',
    permission: 'read',
    tag: 'Discovery',
    summary: 'Follow changes of the tree',
    description:
      'Server-sent events `tree` with `{"etag"}`, the ETag that `x-medkit-tree` has from now on: one at once, then one with every change. Who reads too slowly gets the newest.',
    parameters: [],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: ['service-unavailable'],
  },
];
