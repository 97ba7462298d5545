import { Trigger, TriggerCreateRequest, TriggerList, TriggerUpdateRequest } from '../schemas/triggers.ts';
import * as Type from '../schemas/type.ts';
import { WebhookTestResult } from '../schemas/webhooks.ts';
import { KIND_TERMS, type KindTerms } from './entity-kinds.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS } from './errors.ts';
import { exampleEntity } from './parameters.ts';
import type { Parameter, RouteFamily } from './route.ts';

const triggerParameter: Parameter = {
  name: 'trigger_id',
  in: 'path',
  description: 'Id of the trigger',
  schema: Type.String({ minLength: 1 }),
  example: 'trig_1',
};

/** Triggers are disabled, or their stored state cannot be read or written. */
const TRIGGER_ERRORS = [...ENTITY_ERRORS, 'not-implemented', 'service-unavailable'] as const;
const ITEM_ERRORS = [...TRIGGER_ERRORS, 'resource-not-found'] as const;

const COLLECTION = '/triggers';
const ITEM = `${COLLECTION}/{trigger_id}`;
const example = (terms: KindTerms): Trigger => {
  const entity = exampleEntity(terms);
  return {
    id: 'trig_1',
    status: 'active',
    observed_resource: `${entity}/data/voltage`,
    event_source: `${entity}/triggers/trig_1/events`,
    protocol: 'sse',
    trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22 },
    multishot: true,
    persistent: true,
    lifetime: 86_400,
    'x-medkit': { fired_total: 0, expires: '2026-03-24T02:14:33.000Z' },
  };
};

export const listTriggers = entityRoutes<typeof TriggerList, never>((terms) => ({
  method: 'get',
  path: COLLECTION,
  operationId: `list${terms.cap}Triggers`,
  permission: 'read',
  tag: 'Triggers',
  summary: `List the triggers of ${terms.a}`,
  description: 'Lists the triggers of this entity, including one-shot triggers for a while after they have fired.',
  join: 'owner',
  responses: { 200: { description: 'The triggers', schema: TriggerList, example: { items: [example(terms)] } } },
  errors: TRIGGER_ERRORS,
}));

export const listAllTriggers: RouteFamily<typeof TriggerList> = [
  {
    method: 'get',
    path: '/x-medkit-triggers',
    operationId: 'listAllTriggers',
    permission: 'read',
    tag: 'Triggers',
    summary: 'List the triggers of all entities',
    description:
      'Lists the triggers of all entities, including entities that are offline. `event_source` begins with the address of the entity.',
    join: 'local',
    parameters: [],
    responses: {
      200: { description: 'The triggers', schema: TriggerList, example: { items: [example(KIND_TERMS.app)] } },
    },
    errors: ['not-implemented', 'service-unavailable'],
  },
];

export const createTrigger = entityRoutes<typeof Trigger, typeof TriggerCreateRequest>((terms) => ({
  method: 'post',
  path: COLLECTION,
  operationId: `create${terms.cap}Trigger`,
  permission: 'subscriptions',
  tag: 'Triggers',
  summary: `Create a trigger on ${terms.a}`,
  description:
    'Evaluates the condition for each value of the observed resource, including resources of entities that the entity contains or hosts. The resource need not exist yet. A persistent trigger is on disk before the gateway replies.',
  body: {
    schema: TriggerCreateRequest,
    description: 'The resource and the condition',
    examples: {
      'A voltage falls below 22 V': {
        resource: `${exampleEntity(terms)}/data/voltage`,
        trigger_condition: { condition_type: 'EnterRange', lower_bound: 0, upper_bound: 22.0 },
        multishot: true,
        persistent: true,
        lifetime: 86_400,
      },
      'Any fault, delivered to a webhook': {
        resource: `${exampleEntity(terms)}/faults`,
        trigger_condition: { condition_type: 'OnChangeTo', target_value: 'CONFIRMED' },
        path: '/status',
        multishot: true,
        protocol: 'webhook',
        webhook: { url: 'https://hooks.example.com/robots', secret: 'sixteen characters or more' },
      },
    },
  },
  responses: { 201: { description: 'The trigger', schema: Trigger, example: example(terms) } },
  errors: [
    ...TRIGGER_ERRORS,
    'resource-not-found',
    'x-medkit-invalid-resource-uri',
    'x-medkit-entity-mismatch',
    'x-medkit-plugin-error',
  ],
  unusualErrors: [
    [503, 'x-medkit-subscribe-failed'],
    [503, 'x-medkit-plugin-error'],
  ],
}));

export const getTrigger = entityRoutes<typeof Trigger, never>((terms) => ({
  method: 'get',
  path: ITEM,
  operationId: `get${terms.cap}Trigger`,
  permission: 'read',
  tag: 'Triggers',
  summary: `Read a trigger of ${terms.a}`,
  description: 'Returns the status, how often the trigger has fired, and the problem if it cannot fire at the moment.',
  parameters: [triggerParameter],
  responses: { 200: { description: 'The trigger', schema: Trigger, example: example(terms) } },
  errors: ITEM_ERRORS,
}));

export const updateTrigger = entityRoutes<typeof Trigger, typeof TriggerUpdateRequest>((terms) => ({
  method: 'put',
  path: ITEM,
  operationId: `update${terms.cap}Trigger`,
  permission: 'subscriptions',
  tag: 'Triggers',
  summary: `Set the lifetime of a trigger of ${terms.a}`,
  description: 'Sets a new lifetime, counted from now.',
  parameters: [triggerParameter],
  body: {
    schema: TriggerUpdateRequest,
    description: 'The new lifetime',
    examples: { 'One more day': { lifetime: 86_400 } },
  },
  responses: { 200: { description: 'The trigger', schema: Trigger, example: example(terms) } },
  errors: ITEM_ERRORS,
}));

export const deleteTrigger = entityRoutes<never, never>((terms) => ({
  method: 'delete',
  path: ITEM,
  operationId: `delete${terms.cap}Trigger`,
  permission: 'subscriptions',
  tag: 'Triggers',
  summary: `Delete a trigger of ${terms.a}`,
  description:
    'Ends the event streams of the trigger. Events that are being delivered to its webhook are still delivered.',
  parameters: [triggerParameter],
  responses: { 204: { description: 'Deleted' } },
  errors: ITEM_ERRORS,
}));

export const streamTriggerEvents = entityRoutes<never, never>((terms) => ({
  method: 'get',
  path: `${ITEM}/events`,
  operationId: `stream${terms.cap}TriggerEvents`,
  permission: 'read',
  tag: 'Triggers',
  summary: `Stream the events of a trigger of ${terms.a}`,
  description:
    'Sends server-sent events with `timestamp` and `payload`, the whole value that fired the trigger. Every client receives every event: first the last hundred stored events, or those after `Last-Event-ID`, then new ones. The stream ends after the last event of the trigger.',
  parameters: [
    triggerParameter,
    {
      name: 'Last-Event-ID',
      in: 'header',
      description: 'Id of the last received event; clients of event streams send it automatically',
      schema: Type.String(),
      example: '4',
    },
  ],
  responses: { 200: { description: 'The events', media: 'text/event-stream' } },
  errors: ITEM_ERRORS,
}));

export const testTrigger = entityRoutes<typeof WebhookTestResult, never>((terms) => ({
  method: 'post',
  path: `${ITEM}/x-medkit-test`,
  operationId: `test${terms.cap}Trigger`,
  permission: 'configurations.write',
  tag: 'Triggers',
  summary: `Test the webhook of a trigger of ${terms.a}`,
  description:
    'Delivers an event of the type `medkit.trigger.test` immediately, without retries, and returns the result.',
  parameters: [triggerParameter],
  responses: {
    200: {
      description: 'The result',
      schema: WebhookTestResult,
      example: { delivered: true, status: 204, duration_ms: 31 },
    },
  },
  errors: [...ITEM_ERRORS, 'precondition-not-fulfilled'],
}));
