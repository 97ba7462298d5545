import { AppFaultTriggerList, FaultTrigger, FaultTriggerList, FaultTriggerRequest } from '../schemas/fault-triggers.ts';
import * as Type from '../schemas/type.ts';
import { entityPath, KIND_TERMS } from './entity-kinds.ts';
import { entityParameter } from './parameters.ts';
import type { Parameter, RouteFamily } from './route.ts';

const APP = KIND_TERMS.app;
const PATH = `${entityPath(APP)}/fault-triggers`;
/** Fault triggers are disabled, or their rules cannot be read from disk. */
const RULE_ERRORS = ['resource-not-found', 'service-unavailable'] as const;

const triggerParameter: Parameter = {
  name: 'trigger_id',
  in: 'path',
  description: 'Id of the rule',
  schema: Type.String({ minLength: 1 }),
  example: 'ftr_1',
};

const request: FaultTriggerRequest = {
  data_name: '/scan',
  path: '/ranges/0',
  operator: '<',
  threshold: 0.3,
  fault_code: 'OBSTACLE_NEAR',
  severity: 'WARNING',
};
const rule: FaultTrigger = { id: 'ftr_1', ...request, active: true, 'x-medkit': { crossed: false, value: 2.75 } };

export const listFaultTriggers: RouteFamily<typeof FaultTriggerList, never> = [
  {
    method: 'get',
    path: PATH,
    operationId: 'listFaultTriggers',
    permission: 'read',
    tag: 'FaultTriggers',
    summary: 'List the threshold rules of an app',
    description: 'Lists the rules in the order of their creation. The list of an unknown app is empty.',
    kind: 'app',
    join: 'owner',
    parameters: [entityParameter(APP)],
    responses: { 200: { description: 'The rules', schema: FaultTriggerList, example: { items: [rule] } } },
    errors: RULE_ERRORS,
  },
];

export const listAllFaultTriggers: RouteFamily<typeof AppFaultTriggerList> = [
  {
    method: 'get',
    path: '/x-medkit-fault-triggers',
    operationId: 'listAllFaultTriggers',
    permission: 'read',
    tag: 'FaultTriggers',
    summary: 'List the threshold rules of all apps',
    description: 'Lists the rules of all apps, including apps that are offline, in the order of their creation.',
    join: 'local',
    parameters: [],
    responses: {
      200: {
        description: 'The rules',
        schema: AppFaultTriggerList,
        example: { items: [{ app_id: 'lidar_driver', ...rule }] },
      },
    },
    errors: RULE_ERRORS,
  },
];

export const createFaultTrigger: RouteFamily<typeof FaultTrigger, typeof FaultTriggerRequest> = [
  {
    method: 'post',
    path: PATH,
    operationId: 'createFaultTrigger',
    permission: 'configurations.write',
    tag: 'FaultTriggers',
    summary: 'Create a threshold rule for an app',
    description:
      'Reads the data item periodically. While its value exceeds the threshold, the gateway reports the fault; afterwards it clears the fault. If the value cannot be read, nothing changes. The gateway replies after the rule is on disk. A fault code that another rule uses is refused with 409.',
    kind: 'app',
    parameters: [entityParameter(APP)],
    lockedAs: 'faults',
    body: {
      schema: FaultTriggerRequest,
      checkedByHandler: true,
      description: 'The rule',
      examples: {
        'A number in a message': request,
        'What a message is about': {
          data_name: '/battery_state',
          operator: '<',
          threshold: 0.2,
          fault_code: 'BATTERY_LOW',
          severity: 'ERROR',
        },
      },
    },
    responses: { 201: { description: 'The rule', schema: FaultTrigger, example: rule } },
    errors: ['invalid-parameter', 'entity-not-found', ...RULE_ERRORS],
    unusualErrors: [[409, 'invalid-parameter']],
  },
];

export const deleteFaultTrigger: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: `${PATH}/{trigger_id}`,
    operationId: 'deleteFaultTrigger',
    permission: 'configurations.write',
    tag: 'FaultTriggers',
    summary: 'Delete a threshold rule of an app',
    description: 'Deletes the rule and, if its fault is active, clears the fault.',
    kind: 'app',
    parameters: [entityParameter(APP), triggerParameter],
    lockedAs: 'faults',
    responses: { 204: { description: 'Deleted' } },
    errors: RULE_ERRORS,
  },
];
