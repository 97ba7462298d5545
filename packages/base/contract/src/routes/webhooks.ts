import { oneOf } from '../schemas/compose.ts';
import * as Type from '../schemas/type.ts';
import {
  WEBHOOK_DELIVERY_STATUSES,
  type WebhookDelivery,
  WebhookDeliveryDetail,
  WebhookDeliveryList,
  WebhookRedelivered,
  WebhookTarget,
  WebhookTargetList,
  WebhookTestResult,
} from '../schemas/webhooks.ts';
import type { Parameter, RouteFamily } from './route.ts';

const BASE = '/x-medkit-webhooks';
const DELIVERIES = `${BASE}/deliveries`;
/** Webhooks are disabled, or the outbox cannot be read. */
const OUTBOX_ERRORS = ['not-implemented', 'service-unavailable'] as const;

const deliveryParameter: Parameter = {
  name: 'delivery_id',
  in: 'path',
  description: 'Id of the delivery',
  schema: Type.String({ minLength: 1 }),
  example: '17',
};

const filters: readonly Parameter[] = [
  {
    name: 'target',
    in: 'query',
    description: 'Only deliveries to the target with this id',
    schema: Type.Integer({ minimum: 1 }),
    example: 1,
  },
  {
    name: 'source',
    in: 'query',
    description: 'Only deliveries of what has this path, such as a trigger',
    schema: Type.String({ minLength: 1 }),
    example: '/api/v1/apps/battery_monitor/triggers/trig_1',
  },
];

const dead: WebhookDelivery = {
  id: '17',
  target: '1',
  origin: 'https://receiver.example',
  status: 'dead',
  source: '/api/v1/apps/battery_monitor/triggers/trig_1',
  type: 'medkit.trigger.fired',
  message_id: 'msg_2KWPBgLlAfxdpx2AI54pPJ85f4W',
  time: '2026-03-23T02:12:53.000Z',
  attempts: 5,
  waited_sec: 31,
  last_error: 'HTTP 422: no such robot',
  died_at: '2026-03-23T02:13:24.000Z',
};

export const listWebhookTargets: RouteFamily<typeof WebhookTargetList> = [
  {
    method: 'get',
    path: `${BASE}/targets`,
    operationId: 'listWebhookTargets',
    permission: 'webhooks',
    tag: 'Webhooks',
    summary: 'List where webhooks are delivered to',
    description: 'Targets that something was delivered to lately, waits for, or was given up for.',
    parameters: [],
    responses: {
      200: {
        description: 'The targets',
        schema: WebhookTargetList,
        example: {
          items: [
            {
              id: '1',
              origin: 'https://receiver.example',
              state: 'retrying',
              queued: 12,
              retrying: 1,
              dead: 1,
              delivered_total: 480,
              failed_total: 9,
              failures_in_a_row: 4,
              oldest_age_sec: 14.2,
              next_try_in_ms: 3120,
              last_error: 'HTTP 502',
            },
          ],
        },
      },
    },
    errors: OUTBOX_ERRORS,
  },
];

export const listWebhookDeliveries: RouteFamily<typeof WebhookDeliveryList> = [
  {
    method: 'get',
    path: DELIVERIES,
    operationId: 'listWebhookDeliveries',
    permission: 'webhooks',
    tag: 'Webhooks',
    summary: 'List deliveries that wait or were given up',
    description: 'Oldest first. A delivery that arrived is gone from the list.',
    parameters: [
      {
        name: 'status',
        in: 'query',
        description: 'Only those that wait, that failed and are tried again, or that were given up',
        schema: oneOf(...WEBHOOK_DELIVERY_STATUSES),
        example: 'dead',
      },
      ...filters,
      {
        name: 'after',
        in: 'query',
        description: 'Begins behind the delivery with this id',
        schema: Type.Integer({ minimum: 0 }),
        example: 17,
      },
      {
        name: 'limit',
        in: 'query',
        description: 'At most so many deliveries; 100 unless given',
        schema: Type.Integer({ minimum: 1, maximum: 500 }),
        example: 50,
      },
    ],
    responses: {
      200: {
        description: 'The deliveries',
        schema: WebhookDeliveryList,
        example: { items: [dead], 'x-medkit': {} },
      },
    },
    errors: ['invalid-parameter', ...OUTBOX_ERRORS],
  },
];

export const getWebhookDelivery: RouteFamily<typeof WebhookDeliveryDetail> = [
  {
    method: 'get',
    path: `${DELIVERIES}/{delivery_id}`,
    operationId: 'getWebhookDelivery',
    permission: 'webhooks',
    tag: 'Webhooks',
    summary: 'Read a delivery with its event',
    description: 'The event is the CloudEvent that is sent.',
    parameters: [deliveryParameter],
    responses: {
      200: {
        description: 'The delivery',
        schema: WebhookDeliveryDetail,
        example: { ...dead, event: { specversion: '1.0', id: '4', source: 'http://amr-01:8080', type: dead.type } },
      },
    },
    errors: ['resource-not-found', ...OUTBOX_ERRORS],
  },
];

export const deleteWebhookDelivery: RouteFamily<never, never> = [
  {
    method: 'delete',
    path: `${DELIVERIES}/{delivery_id}`,
    operationId: 'deleteWebhookDelivery',
    permission: 'webhooks',
    tag: 'Webhooks',
    summary: 'Forget a delivery',
    description: 'Whether it waits or was given up. One that is being sent is not called back.',
    parameters: [deliveryParameter],
    responses: { 204: { description: 'Forgotten' } },
    errors: ['resource-not-found', ...OUTBOX_ERRORS],
  },
];

export const redeliverWebhook: RouteFamily<typeof WebhookRedelivered, never> = [
  {
    method: 'post',
    path: `${DELIVERIES}/{delivery_id}/redeliver`,
    operationId: 'redeliverWebhook',
    permission: 'webhooks',
    tag: 'Webhooks',
    summary: 'Deliver a dead letter after all',
    description: 'It is queued as if it were new, with the same `webhook-id`. One that still waits stays where it is.',
    parameters: [deliveryParameter],
    responses: { 202: { description: 'Queued', schema: WebhookRedelivered, example: { redelivered: 1 } } },
    errors: ['resource-not-found', ...OUTBOX_ERRORS],
  },
];

export const redeliverWebhooks: RouteFamily<typeof WebhookRedelivered, never> = [
  {
    method: 'post',
    path: `${BASE}/redeliver`,
    operationId: 'redeliverWebhooks',
    permission: 'webhooks',
    tag: 'Webhooks',
    summary: 'Deliver dead letters after all',
    description: 'All of them, or those of one target or source. They are queued as if they were new.',
    parameters: filters,
    responses: { 202: { description: 'Queued', schema: WebhookRedelivered, example: { redelivered: 3 } } },
    errors: ['invalid-parameter', ...OUTBOX_ERRORS],
  },
];

export const testWebhook: RouteFamily<typeof WebhookTestResult, typeof WebhookTarget> = [
  {
    method: 'post',
    path: `${BASE}/test`,
    operationId: 'testWebhook',
    permission: 'webhooks',
    tag: 'Webhooks',
    summary: 'Try a receiver out',
    description:
      'Delivers an event of the type `medkit.webhook.test` once, at once, and tells what came back. Nothing of it is kept.',
    parameters: [],
    body: {
      schema: WebhookTarget,
      description: 'Where it goes',
      examples: {
        'With a signature': {
          url: 'https://receiver.example/medkit',
          secret: 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw',
          headers: { Authorization: 'Bearer 0123456789' },
        },
      },
    },
    responses: {
      200: {
        description: 'What came back',
        schema: WebhookTestResult,
        example: { delivered: true, status: 204, reply: '', address: '203.0.113.7', duration_ms: 48 },
      },
    },
    errors: ['invalid-parameter', ...OUTBOX_ERRORS],
  },
];
