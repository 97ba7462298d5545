import { oneOf } from '../schemas/compose.ts';
import {
  DEFAULT_EXECUTIONS,
  EntityScriptList,
  EXECUTION_STATES,
  ExecutionSummaryList,
  MAX_EXECUTIONS,
} from '../schemas/executions.ts';
import * as Type from '../schemas/type.ts';
import type { Parameter, RouteFamily } from './route.ts';

const entityFilter: Parameter = {
  name: 'entity',
  in: 'query',
  description: 'Only those of this entity, and of what it contains or hosts',
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
      'Once for each entity that has one; `href` is where it is. Those of other gateways that are shown are among them, and who does not answer within a second is named.',
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
      'Those that go on, and those that ended lately, the newest first, whoever began them; what they gave is at `href`. Of an operation nobody has listened to yet its server is asked: a robot with more than 48 of these tells of the others what is known already. Those of other gateways that are shown are among them.',
    parameters: [
      entityFilter,
      {
        name: 'state',
        in: 'query',
        description: 'Only those that go on, or those that are over',
        schema: oneOf(...EXECUTION_STATES),
        example: 'running',
      },
      {
        name: 'limit',
        in: 'query',
        description: `At most so many of each gateway; ${DEFAULT_EXECUTIONS} unless given`,
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
