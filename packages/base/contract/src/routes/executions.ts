import { oneOf } from '../schemas/compose.ts';
import {
  DEFAULT_EXECUTIONS,
  EntityScriptList,
  EXECUTION_STATES,
  ExecutionSummaryList,
  MAX_EXECUTIONS,
} from '../schemas/executions.ts';
import * as Type from '../schemas/type.ts';
import { ITEM_LIST_JOIN } from './join.ts';
import type { Parameter, RouteFamily } from './route.ts';

const entityFilter: Parameter = {
  name: 'entity',
  in: 'query',
  description: 'Only items of this entity and of the entities that it contains or hosts',
  schema: Type.String(),
  example: 'lidar_driver',
};

export const listAllScripts: RouteFamily<typeof EntityScriptList, never> = [
  {
    method: 'get',
    path: '/x-medkit-scripts',
    operationId: 'listAllScripts',
    permission: 'read',
    tag: 'Scripts',
    summary: 'List the scripts of all entities',
    description:
      'Lists a script once for each entity that has it; `href` is its address. Scripts of other gateways are included. Gateways that do not answer within a second are named in the reply.',
    join: { ...ITEM_LIST_JOIN, narrowedBy: 'entity' },
    parameters: [entityFilter],
    responses: {
      200: {
        description: 'The scripts',
        schema: EntityScriptList,
        example: {
          items: [
            {
              id: 'check_lidar_health',
              name: 'check_lidar_health.sh',
              description: '',
              href: '/api/v1/apps/lidar_driver/scripts/check_lidar_health',
              managed: false,
              proximity_proof_required: false,
              entity_type: 'app',
              entity_id: 'lidar_driver',
            },
          ],
        },
      },
    },
    errors: ['invalid-parameter', 'entity-not-found', 'not-implemented', 'service-unavailable'],
  },
];

export const listAllExecutions: RouteFamily<typeof ExecutionSummaryList, never> = [
  {
    method: 'get',
    path: '/x-medkit-executions',
    operationId: 'listAllExecutions',
    permission: 'read',
    tag: 'Operations',
    summary: 'List the executions of all operations and scripts',
    description:
      'Lists active and recently ended executions of all clients, newest first. `href` leads to their results. For an operation whose status the gateway does not follow yet, it asks the action server. If there are more than 48 such operations, it uses the known state of the others. Executions of other gateways are included.',
    join: { ...ITEM_LIST_JOIN, narrowedBy: 'entity' },
    parameters: [
      entityFilter,
      {
        name: 'state',
        in: 'query',
        description: 'Only active, or only ended executions',
        schema: oneOf(...EXECUTION_STATES),
        example: 'running',
      },
      {
        name: 'limit',
        in: 'query',
        description: `Maximum number for each gateway; default ${DEFAULT_EXECUTIONS}`,
        schema: Type.Integer({ minimum: 1, maximum: MAX_EXECUTIONS }),
        example: 20,
      },
    ],
    responses: {
      200: {
        description: 'The executions',
        schema: ExecutionSummaryList,
        example: {
          items: [
            {
              id: '4d9f5c0e7a3b4e0c9a1d2f6b8c7e5a10',
              of: 'operation',
              entity_type: 'app',
              entity_id: 'bt_navigator',
              operation_id: 'navigate_to_pose',
              href: '/api/v1/apps/bt_navigator/operations/navigate_to_pose/executions/4d9f5c0e7a3b4e0c9a1d2f6b8c7e5a10',
              status: 'running',
              started_at: '2026-03-23T02:14:33.120Z',
              'x-medkit': {
                ros2_status: 'executing',
                ros2: { action: '/navigate_to_pose', type: 'nav2_msgs/action/NavigateToPose' },
              },
            },
          ],
        },
      },
    },
    errors: ['invalid-parameter', 'entity-not-found', 'service-unavailable'],
  },
];
