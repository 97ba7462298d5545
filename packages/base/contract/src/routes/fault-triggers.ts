import { FaultTrigger, FaultTriggerList, FaultTriggerRequest } from '../schemas/fault-triggers.ts';
import * as Type from '../schemas/type.ts';
import { entityPath, KIND_WORDS } from './entity-kinds.ts';
import { entityParameter } from './parameters.ts';
import type { Parameter, RouteFamily } from './route.ts';

const APP = KIND_WORDS.app;
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
    description: 'In the order in which they were made. An app that nobody knows has none.',
    kind: 'app',
    parameters: [entityParameter(APP)],
    responses: { 200: { description: 'The rules', schema: FaultTriggerList, example: { items: [rule] } } },
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
    summary: 'Make a fault of a threshold',
    description:
      'The item is read again and again: the fault is reported as long as its value is beyond the threshold, and cleared once it is not. A value that cannot be read changes nothing. The rule is on disk when the reply comes. A fault code that another rule has is refused with 409.',
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
    description: 'Clears its fault where that is being reported.',
    kind: 'app',
    parameters: [entityParameter(APP), triggerParameter],
    lockedAs: 'faults',
    responses: { 204: { description: 'Deleted' } },
    errors: RULE_ERRORS,
  },
];
