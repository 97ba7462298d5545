import {
  ExecutionCreateAsync,
  ExecutionCreateRequest,
  ExecutionUpdateRequest,
  OperationDetail,
  OperationExecution,
  OperationExecutionList,
  OperationExecutionResult,
  type OperationItem,
  OperationList,
} from '../schemas/operations.ts';
import type { KindTerms } from './entity-kinds.ts';
import { entityRoutes } from './entity-routes.ts';
import { entityHref } from './entity-uris.ts';
import { ENTITY_ERRORS, RUNTIME_ERRORS } from './errors.ts';
import { ITEM_LIST_JOIN } from './join.ts';
import { executionParameter, operationParameter } from './parameters.ts';

const OPERATION_ERRORS = [
  ...ENTITY_ERRORS,
  'invalid-request',
  'operation-not-found',
  'resource-not-found',
  ...RUNTIME_ERRORS,
] as const;
const EXECUTION_ERRORS = [...OPERATION_ERRORS, 'x-medkit-ros2-action-unavailable'] as const;

const GOAL_ID = '4d9f5c0e7a3b4e0c9a1d2f6b8c7e5a10';
const navigate = { action: '/navigate_to_pose', type: 'nav2_msgs/action/NavigateToPose' };

const item: OperationItem = {
  id: 'navigate_to_pose',
  name: 'navigate_to_pose',
  proximity_proof_required: false,
  asynchronous_execution: true,
  'x-medkit': { entity_id: 'bt_navigator', ros2: { ...navigate, kind: 'action' }, source: 'ros2_medkit_gateway' },
};

const EXECUTIONS = '/operations/{operation_id}/executions';
const location = (terms: KindTerms) => ({
  Location: `Address of the execution, such as \`${entityHref(terms.kind, 'x', 'operations')}/{operation_id}/executions/${GOAL_ID}\``,
});

export const listOperations = entityRoutes<typeof OperationList, never>((terms) => ({
  method: 'get',
  path: '/operations',
  operationId: `list${terms.cap}Operations`,
  permission: 'read',
  tag: 'Operations',
  summary: `List the operations of ${terms.a}`,
  description:
    'Lists the services and actions that the entity or one of its members offers, with their types. Services that the gateway uses for configurations, status and executions are omitted.',
  join: ITEM_LIST_JOIN,
  responses: { 200: { description: 'The operations', schema: OperationList, example: { items: [item] } } },
  errors: [...ENTITY_ERRORS, ...RUNTIME_ERRORS],
}));

export const getOperation = entityRoutes<typeof OperationDetail, never>((terms) => ({
  method: 'get',
  path: '/operations/{operation_id}',
  operationId: `get${terms.cap}Operation`,
  permission: 'read',
  tag: 'Operations',
  summary: `Show an operation of ${terms.a}`,
  description: 'Returns the operation, with JSON Schemas of its arguments and results.',
  join: 'first',
  parameters: [operationParameter],
  responses: { 200: { description: 'The operation', schema: OperationDetail, example: { item } } },
  errors: OPERATION_ERRORS,
}));

export const listExecutions = entityRoutes<typeof OperationExecutionList, never>((terms) => ({
  method: 'get',
  path: EXECUTIONS,
  operationId: `list${terms.cap}Executions`,
  permission: 'read',
  tag: 'Operations',
  summary: `List the executions of an operation of ${terms.a}`,
  description:
    'Lists the current and recent goals of an action that its server reports, newest first, regardless of the client that sent them. Services have no executions: they end with their request.',
  join: 'first',
  parameters: [operationParameter],
  responses: {
    200: { description: 'The executions', schema: OperationExecutionList, example: { items: [{ id: GOAL_ID }] } },
  },
  errors: EXECUTION_ERRORS,
}));

export const executeOperation = entityRoutes<
  typeof OperationExecutionResult | typeof ExecutionCreateAsync,
  typeof ExecutionCreateRequest
>((terms) => ({
  method: 'post',
  path: EXECUTIONS,
  operationId: `execute${terms.cap}Operation`,
  permission: 'operations.run',
  tag: 'Operations',
  summary: `Execute an operation of ${terms.a}`,
  description:
    'Calls a service and returns its response, or sends the goal of an action and returns the address of its execution. Unknown arguments are refused.',
  join: 'first',
  parameters: [operationParameter],
  body: {
    required: false,
    schema: ExecutionCreateRequest,
    carriesMessage: true,
    description: 'The arguments; without a body, all arguments have their defaults',
    examples: {
      'A goal': { parameters: { pose: { header: { frame_id: 'map' }, pose: { position: { x: 2, y: 1, z: 0 } } } } },
      'A request': { parameters: { data: true } },
    },
  },
  responses: {
    200: {
      description: 'The operation is complete',
      schema: OperationExecutionResult,
      example: {
        status: 'completed',
        parameters: { success: true, message: '' },
        result: { success: true, message: '' },
      },
    },
    202: {
      description: 'The operation has started',
      schema: ExecutionCreateAsync,
      example: { id: GOAL_ID, status: 'running' },
      headers: location(terms),
    },
  },
  errors: [...EXECUTION_ERRORS, 'x-medkit-ros2-action-rejected', 'x-medkit-ros2-service-unavailable'],
}));

export const getExecution = entityRoutes<typeof OperationExecution, never>((terms) => ({
  method: 'get',
  path: `${EXECUTIONS}/{execution_id}`,
  operationId: `get${terms.cap}Execution`,
  permission: 'read',
  tag: 'Operations',
  summary: `Show an execution of an operation of ${terms.a}`,
  description: 'Returns the progress: the latest feedback while the execution runs, and the result after it has ended.',
  join: 'first',
  parameters: [operationParameter, executionParameter],
  responses: {
    200: {
      description: 'The execution',
      schema: OperationExecution,
      example: {
        id: GOAL_ID,
        status: 'running',
        capability: 'execute',
        parameters: { distance_remaining: 1.5 },
        last_feedback: { distance_remaining: 1.5 },
        created_at: '2026-03-23T02:12:53.000Z',
        started_at: '2026-03-23T02:12:53.012Z',
        'x-medkit': { goal_id: GOAL_ID, ros2_status: 'executing', ros2: navigate },
      },
    },
  },
  errors: EXECUTION_ERRORS,
}));

export const updateExecution = entityRoutes<typeof OperationExecution, typeof ExecutionUpdateRequest>((terms) => ({
  method: 'put',
  path: `${EXECUTIONS}/{execution_id}`,
  operationId: `update${terms.cap}Execution`,
  permission: 'operations.run',
  tag: 'Operations',
  summary: `Control an execution of an operation of ${terms.a}`,
  description:
    '`stop` asks the action server to cancel the goal. The status of the execution shows when it is canceled.',
  join: 'first',
  parameters: [operationParameter, executionParameter],
  body: {
    schema: ExecutionUpdateRequest,
    description: 'The action to take',
    examples: { 'Stop it': { capability: 'stop' } },
  },
  responses: {
    200: {
      description: 'The operation is complete',
      schema: OperationExecution,
      example: { id: GOAL_ID, status: 'failed', capability: 'stop' },
    },
    202: {
      description: 'The request was accepted',
      schema: OperationExecution,
      example: { id: GOAL_ID, status: 'running', capability: 'stop' },
      headers: location(terms),
    },
  },
  errors: [...EXECUTION_ERRORS, 'x-medkit-ros2-action-rejected', 'precondition-not-fulfilled'],
}));

export const cancelExecution = entityRoutes<never, never>((terms) => ({
  method: 'delete',
  path: `${EXECUTIONS}/{execution_id}`,
  operationId: `cancel${terms.cap}Execution`,
  permission: 'operations.run',
  tag: 'Operations',
  summary: `Cancel an execution of an operation of ${terms.a}`,
  description: 'Does the same as `stop`.',
  join: 'first',
  parameters: [operationParameter, executionParameter],
  responses: { 204: { description: 'The server cancels the goal' } },
  errors: [...EXECUTION_ERRORS, 'x-medkit-ros2-action-rejected'],
}));
