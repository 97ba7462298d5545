import { TreeFaults, TreeSnapshot } from '../schemas/tree.ts';
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
    summary: 'Open faults of the entities of the tree, by severity',
    description:
      'Beside the tree and not within it: that is the same for as long as nothing comes or goes, whatever fails meanwhile. Counted are pending and confirmed faults that the list of faults has, of the entity that reported each; those of other gateways are among them.',
    parameters: [],
    responses: {
      200: {
        description: 'The counts of this moment',
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
    summary: 'Follow changes of the tree',
    description:
      'Server-sent events `tree` with `{"etag"}`, the ETag that `x-medkit-tree` has from now on: one at once, then one with every change. Who reads too slowly gets the newest.',
    parameters: [],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: ['service-unavailable'],
  },
];
