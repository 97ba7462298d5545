import {
  type CyclicSubscription,
  CyclicSubscriptionCreateRequest,
  CyclicSubscriptionList,
  CyclicSubscriptionUpdateRequest,
  CyclicSubscription as Subscription,
} from '../schemas/cyclic-subscriptions.ts';
import * as Type from '../schemas/type.ts';
import type { EntityKind, KindTerms } from './entity-kinds.ts';
import { entityRoutes } from './entity-routes.ts';
import { ENTITY_ERRORS } from './errors.ts';
import { exampleEntity } from './parameters.ts';
import type { Parameter } from './route.ts';

/** Areas have no cyclic subscriptions. */
const KINDS: readonly EntityKind[] = ['component', 'app', 'function'];

const subscriptionParameter: Parameter = {
  name: 'subscription_id',
  in: 'path',
  description: 'Id of the subscription',
  schema: Type.String({ minLength: 1 }),
  example: 'sub_001',
};

const ITEM_ERRORS = [...ENTITY_ERRORS, 'resource-not-found'] as const;

const example = (terms: KindTerms): CyclicSubscription => ({
  id: 'sub_001',
  observed_resource: `${exampleEntity(terms)}/faults`,
  event_source: `${exampleEntity(terms)}/cyclic-subscriptions/sub_001/events`,
  protocol: 'sse',
  interval: 'normal',
});

const COLLECTION = '/cyclic-subscriptions';
const ITEM = `${COLLECTION}/{subscription_id}`;

export const listSubscriptions = entityRoutes<typeof CyclicSubscriptionList, never>(
  (terms) => ({
    method: 'get',
    path: COLLECTION,
    operationId: `list${terms.cap}Subscriptions`,
    permission: 'read',
    tag: 'Subscriptions',
    summary: `List the cyclic subscriptions of ${terms.a}`,
    description: 'Lists the active subscriptions of all clients.',
    join: 'owner',
    responses: {
      200: { description: 'The subscriptions', schema: CyclicSubscriptionList, example: { items: [example(terms)] } },
    },
    errors: ENTITY_ERRORS,
  }),
  KINDS,
);

export const createSubscription = entityRoutes<typeof Subscription, typeof CyclicSubscriptionCreateRequest>(
  (terms) => ({
    method: 'post',
    observes: true,
    path: COLLECTION,
    operationId: `create${terms.cap}Subscription`,
    permission: 'subscriptions',
    tag: 'Subscriptions',
    summary: `Create a cyclic subscription of ${terms.a}`,
    description:
      'Subscribes to one data item, or to all faults, configurations, logs or operations of the entity, or to a collection of a plugin. The gateway reads nothing until a client opens the event stream. The subscription ends after its duration, or when the gateway stops.',
    body: {
      schema: CyclicSubscriptionCreateRequest,
      description: 'Resource, interval and duration',
      examples: {
        'Faults for an hour': { resource: `${exampleEntity(terms)}/faults`, interval: 'normal', duration: 3600 },
        'A topic, twenty times a second': {
          resource: `${exampleEntity(terms)}/data/scan`,
          interval: 'fast',
          duration: 60,
        },
      },
    },
    responses: { 201: { description: 'The subscription', schema: Subscription, example: example(terms) } },
    errors: [
      ...ENTITY_ERRORS,
      'resource-not-found',
      'x-medkit-unsupported-protocol',
      'x-medkit-invalid-resource-uri',
      'x-medkit-entity-mismatch',
      'x-medkit-collection-not-supported',
      'x-medkit-collection-not-available',
      'service-unavailable',
    ],
  }),
  KINDS,
);

export const getSubscription = entityRoutes<typeof Subscription, never>(
  (terms) => ({
    method: 'get',
    path: ITEM,
    operationId: `get${terms.cap}Subscription`,
    permission: 'read',
    tag: 'Subscriptions',
    summary: `Read a cyclic subscription of ${terms.a}`,
    description: 'Returns the subscription. An ended subscription is not found.',
    parameters: [subscriptionParameter],
    responses: { 200: { description: 'The subscription', schema: Subscription, example: example(terms) } },
    errors: ITEM_ERRORS,
  }),
  KINDS,
);

export const updateSubscription = entityRoutes<typeof Subscription, typeof CyclicSubscriptionUpdateRequest>(
  (terms) => ({
    method: 'put',
    observes: true,
    path: ITEM,
    operationId: `update${terms.cap}Subscription`,
    permission: 'subscriptions',
    tag: 'Subscriptions',
    summary: `Change a cyclic subscription of ${terms.a}`,
    description: 'Members that the request omits stay unchanged. A new duration counts from now.',
    parameters: [subscriptionParameter],
    body: {
      schema: CyclicSubscriptionUpdateRequest,
      description: 'The changes',
      examples: { 'Ten minutes more, less often': { interval: 'slow', duration: 600 } },
    },
    responses: { 200: { description: 'The subscription', schema: Subscription, example: example(terms) } },
    errors: ITEM_ERRORS,
  }),
  KINDS,
);

export const deleteSubscription = entityRoutes<never, never>(
  (terms) => ({
    method: 'delete',
    observes: true,
    path: ITEM,
    operationId: `delete${terms.cap}Subscription`,
    permission: 'subscriptions',
    tag: 'Subscriptions',
    summary: `End a cyclic subscription of ${terms.a}`,
    description: 'Ends the subscription and its event streams.',
    parameters: [subscriptionParameter],
    responses: { 204: { description: 'Ended' } },
    errors: ITEM_ERRORS,
  }),
  KINDS,
);

export const streamSubscriptionEvents = entityRoutes<never, never>(
  (terms) => ({
    method: 'get',
    path: `${ITEM}/events`,
    operationId: `stream${terms.cap}SubscriptionEvents`,
    permission: 'read',
    tag: 'Subscriptions',
    summary: `Stream the events of a cyclic subscription of ${terms.a}`,
    description:
      'Sends server-sent events without id and name: `{"timestamp", "payload"}`, or `{"timestamp", "error": {"error_code", "message"}}` if the value is currently not available. The first event is sent immediately. Data follows whenever its value changes, other resources with every period. A slow client receives only the newest value. The stream ends with the subscription. The resource is read once, however many clients follow it.',
    parameters: [subscriptionParameter],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: [...ITEM_ERRORS, 'service-unavailable', 'x-medkit-transport-not-streamable'],
  }),
  KINDS,
);
