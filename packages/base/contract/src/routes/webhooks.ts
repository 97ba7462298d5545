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
    description: 'Only deliveries from the source with this path, such as a trigger',
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
    summary: 'List the targets of webhooks',
    description: 'Lists targets with recent, queued or dead deliveries.',
    join: 'local',
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
    summary: 'List queued deliveries and dead letters',
    description: 'Lists deliveries, oldest first. A successful delivery is removed from the list.',
    join: 'local',
    parameters: [
      {
        name: 'status',
        in: 'query',
        description: 'Only queued deliveries, deliveries that failed and are retried, or dead letters',
        schema: oneOf(...WEBHOOK_DELIVERY_STATUSES),
        example: 'dead',
      },
      ...filters,
      {
        name: 'after',
        in: 'query',
        description: 'Only deliveries after the one with this id',
        schema: Type.Integer({ minimum: 0 }),
        example: 17,
      },
      {
        name: 'limit',
        in: 'query',
        description: 'Maximum number of deliveries; default 100',
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
    description: 'Returns the delivery with its event, the CloudEvent that is sent.',
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
    summary: 'Delete a delivery',
    description: 'Deletes a queued delivery or a dead letter. A delivery in progress is not interrupted.',
    parameters: [deliveryParameter],
    responses: { 204: { description: 'Deleted' } },
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
    summary: 'Deliver a dead letter again',
    description:
      'Queues the dead letter like a new delivery, with the same `webhook-id`. A delivery that is still queued keeps its position.',
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
    summary: 'Deliver dead letters again',
    description: 'Queues all dead letters, or those of one target or source, like new deliveries.',
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
    summary: 'Test a receiver',
    description:
      'Delivers an event of the type `medkit.webhook.test` immediately, without retries, and returns the reply. Nothing is stored.',
    parameters: [],
    body: {
      schema: WebhookTarget,
      description: 'The receiver',
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
        description: 'The reply',
        schema: WebhookTestResult,
        example: { delivered: true, status: 204, reply: '', address: '203.0.113.7', duration_ms: 48 },
      },
    },
    errors: ['invalid-parameter', ...OUTBOX_ERRORS],
  },
];
