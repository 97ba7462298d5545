import {
  type CyclicSubscription,
  CyclicSubscriptionCreateRequest,
  CyclicSubscriptionList,
  CyclicSubscriptionUpdateRequest,
  CyclicSubscription as Subscription,
} from '../schemas/cyclic-subscriptions.ts';
import * as Type from '../schemas/type.ts';
import { type EntityKind, entityPath, type KindWords } from './entity-kinds.ts';
import { ENTITY_ERRORS } from './errors.ts';
import { entityParameter, exampleEntity } from './parameters.ts';
import { type Parameter, perKind } from './route.ts';

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

const example = (words: KindWords): CyclicSubscription => ({
  id: 'sub_001',
  observed_resource: `${exampleEntity(words)}/faults`,
  event_source: `${exampleEntity(words)}/cyclic-subscriptions/sub_001/events`,
  protocol: 'sse',
  interval: 'normal',
});

const collectionOf = (words: KindWords) => `${entityPath(words)}/cyclic-subscriptions`;
const itemOf = (words: KindWords) => `${collectionOf(words)}/{subscription_id}`;

export const listSubscriptions = perKind<typeof CyclicSubscriptionList, never>(
  (words) => ({
    method: 'get',
    path: collectionOf(words),
    operationId: `list${words.cap}Subscriptions`,
    permission: 'read',
    tag: 'Subscriptions',
    summary: `List the cyclic subscriptions of ${words.a}`,
    description: 'Those that have not ended, whoever made them.',
    kind: words.kind,
    parameters: [entityParameter(words)],
    responses: {
      200: { description: 'The subscriptions', schema: CyclicSubscriptionList, example: { items: [example(words)] } },
    },
    errors: ENTITY_ERRORS,
  }),
  KINDS,
);

export const createSubscription = perKind<typeof Subscription, typeof CyclicSubscriptionCreateRequest>(
  (words) => ({
    method: 'post',
    observes: true,
    path: collectionOf(words),
    operationId: `create${words.cap}Subscription`,
    permission: 'subscriptions',
    tag: 'Subscriptions',
    summary: `Subscribe to something of ${words.a}`,
    description:
      'To an item of its data, or to all of its faults, configurations, logs, operations, or a collection of a plugin. Nothing is read until somebody follows the events. It ends by itself after its duration, and with the gateway.',
    kind: words.kind,
    parameters: [entityParameter(words)],
    body: {
      schema: CyclicSubscriptionCreateRequest,
      description: 'What of, how often and for how long',
      examples: {
        'Faults for an hour': { resource: `${exampleEntity(words)}/faults`, interval: 'normal', duration: 3600 },
        'A topic, twenty times a second': {
          resource: `${exampleEntity(words)}/data/scan`,
          interval: 'fast',
          duration: 60,
        },
      },
    },
    responses: { 201: { description: 'The subscription', schema: Subscription, example: example(words) } },
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

export const getSubscription = perKind<typeof Subscription, never>(
  (words) => ({
    method: 'get',
    path: itemOf(words),
    operationId: `get${words.cap}Subscription`,
    permission: 'read',
    tag: 'Subscriptions',
    summary: `Read a cyclic subscription of ${words.a}`,
    description: 'One that has ended is as good as none.',
    kind: words.kind,
    parameters: [entityParameter(words), subscriptionParameter],
    responses: { 200: { description: 'The subscription', schema: Subscription, example: example(words) } },
    errors: ITEM_ERRORS,
  }),
  KINDS,
);

export const updateSubscription = perKind<typeof Subscription, typeof CyclicSubscriptionUpdateRequest>(
  (words) => ({
    method: 'put',
    observes: true,
    path: itemOf(words),
    operationId: `update${words.cap}Subscription`,
    permission: 'subscriptions',
    tag: 'Subscriptions',
    summary: `Change a cyclic subscription of ${words.a}`,
    description: 'What is left out stays. A duration counts from now; what was left of it does not.',
    kind: words.kind,
    parameters: [entityParameter(words), subscriptionParameter],
    body: {
      schema: CyclicSubscriptionUpdateRequest,
      description: 'What is to change',
      examples: { 'Ten minutes more, less often': { interval: 'slow', duration: 600 } },
    },
    responses: { 200: { description: 'The subscription', schema: Subscription, example: example(words) } },
    errors: ITEM_ERRORS,
  }),
  KINDS,
);

export const deleteSubscription = perKind<never, never>(
  (words) => ({
    method: 'delete',
    observes: true,
    path: itemOf(words),
    operationId: `delete${words.cap}Subscription`,
    permission: 'subscriptions',
    tag: 'Subscriptions',
    summary: `End a cyclic subscription of ${words.a}`,
    description: 'Its event streams end with it.',
    kind: words.kind,
    parameters: [entityParameter(words), subscriptionParameter],
    responses: { 204: { description: 'Ended' } },
    errors: ITEM_ERRORS,
  }),
  KINDS,
);

export const streamSubscriptionEvents = perKind<never, never>(
  (words) => ({
    method: 'get',
    path: `${itemOf(words)}/events`,
    operationId: `stream${words.cap}SubscriptionEvents`,
    permission: 'read',
    tag: 'Subscriptions',
    summary: `Follow a cyclic subscription of ${words.a}`,
    description:
      'Server-sent events without id and name: `{"timestamp", "payload"}`, or `{"timestamp", "error": {"error_code", "message"}}` where that is not known at the moment. The first comes at once, data then whenever it has another value, anything else with every period; who reads too slowly gets the newest. The stream ends with the subscription. However many follow it, it is read once.',
    kind: words.kind,
    parameters: [entityParameter(words), subscriptionParameter],
    responses: { 200: { description: 'The events', media: 'text/event-stream' } },
    errors: [...ITEM_ERRORS, 'service-unavailable', 'x-medkit-transport-not-streamable'],
  }),
  KINDS,
);
