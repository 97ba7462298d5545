import { anything, mapOf, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const WebhookTarget = named(
  'WebhookTarget',
  Type.Object({
    url: Type.String({ minLength: 1, description: '`https:` or `http:`, without user, password and fragment.' }),
    secret: optional(
      Type.String({
        description:
          'Key that signs every delivery: `whsec_` and 24 to 64 bytes as base64, or any text of 16 to 256 characters. If absent, deliveries are not signed. It is never shown.',
      }),
    ),
    headers: optional(
      mapOf(Type.String(), 'Headers of every delivery, such as `Authorization`. Their values are never shown.'),
    ),
  }),
);
export type WebhookTarget = Type.Static<typeof WebhookTarget>;

export const WebhookTestResult = named(
  'WebhookTestResult',
  Type.Object({
    delivered: Type.Boolean({ description: 'Whether the receiver accepted it: it answered 2xx.' }),
    status: optional(Type.Integer({ description: 'HTTP status of the reply; absent if there was none.' })),
    reply: optional(Type.String({ description: 'Beginning of the reply.' })),
    error: optional(Type.String({ description: 'Why it was not delivered.' })),
    address: optional(Type.String({ description: 'IP address of the connection.' })),
    duration_ms: Type.Number({ description: 'From the name lookup to the end of the reply.' }),
  }),
);
export type WebhookTestResult = Type.Static<typeof WebhookTestResult>;

/** Delivery statistics of a target. */
const WebhookTargetItem = named(
  'WebhookTargetItem',
  Type.Object({
    id: Type.String(),
    origin: Type.String({ description: 'Scheme, host and port of its address; the rest may be secret.' }),
    state: oneOf('delivering', 'retrying', 'paused'),
    queued: Type.Integer({ description: 'Queued deliveries, including those in progress.' }),
    retrying: Type.Integer({ description: 'Sources whose oldest delivery failed and is retried.' }),
    dead: Type.Integer({ description: 'Stored dead letters.' }),
    delivered_total: Type.Integer({ description: 'Since the gateway started.' }),
    failed_total: Type.Integer({ description: 'Failed attempts since the gateway started.' }),
    failures_in_a_row: Type.Integer(),
    oldest_age_sec: optional(Type.Number({ description: 'Waiting time of the oldest queued delivery.' })),
    next_try_in_ms: optional(Type.Integer()),
    last_error: optional(Type.String()),
  }),
);
export type WebhookTargetItem = Type.Static<typeof WebhookTargetItem>;

export const WebhookTargetList = named('WebhookTargetList', Type.Object({ items: Type.Array(WebhookTargetItem) }));
export type WebhookTargetList = Type.Static<typeof WebhookTargetList>;

/** State of a delivery; a delivered one is removed from the list. */
export const WEBHOOK_DELIVERY_STATUSES = ['queued', 'retrying', 'dead'] as const;
export type WebhookDeliveryStatus = (typeof WEBHOOK_DELIVERY_STATUSES)[number];

const delivery = {
  id: Type.String(),
  target: Type.String({ description: 'Id of the target.' }),
  origin: Type.String({ description: 'Scheme, host and port of its address.' }),
  status: oneOf(...WEBHOOK_DELIVERY_STATUSES),
  source: Type.String({ description: 'Source of the event, such as the path of a trigger.' }),
  type: Type.String({ description: 'Type of the event, such as `medkit.trigger.fired`.' }),
  message_id: Type.String({ description: 'The `webhook-id` header of the delivery.' }),
  time: Type.String({ description: 'Time of the event, RFC 3339.' }),
  attempts: Type.Integer({ description: 'Number of failed attempts.' }),
  waited_sec: Type.Number({ description: 'Waiting time, counted while the gateway runs.' }),
  last_error: optional(Type.String()),
  died_at: optional(Type.String({ description: 'When delivery was given up, RFC 3339.' })),
};

export const WebhookDelivery = named('WebhookDelivery', Type.Object(delivery));
export type WebhookDelivery = Type.Static<typeof WebhookDelivery>;

export const WebhookDeliveryList = named(
  'WebhookDeliveryList',
  Type.Object({
    items: Type.Array(WebhookDelivery),
    'x-medkit': Type.Object({
      next: optional(Type.String({ description: '`after` of the next page; absent on the last page.' })),
    }),
  }),
);
export type WebhookDeliveryList = Type.Static<typeof WebhookDeliveryList>;

export const WebhookDeliveryDetail = named(
  'WebhookDeliveryDetail',
  Type.Object({ ...delivery, event: anything({ description: 'The CloudEvent as it is sent.' }) }),
);
export type WebhookDeliveryDetail = Type.Static<typeof WebhookDeliveryDetail>;

export const WebhookRedelivered = named(
  'WebhookRedelivered',
  Type.Object({ redelivered: Type.Integer({ description: 'Dead letters that are queued again.' }) }),
);
export type WebhookRedelivered = Type.Static<typeof WebhookRedelivered>;

export const HealthWebhooks = named(
  'HealthWebhooks',
  Type.Object(
    {
      targets: Type.Integer({ description: 'Targets with recent or queued deliveries.' }),
      queued: Type.Integer({ description: 'Queued deliveries, including those in progress.' }),
      retrying: Type.Integer({ description: 'Queues, one per source and target, whose oldest delivery failed.' }),
      dead: Type.Integer({ description: 'Stored dead letters.' }),
      oldest_age_sec: optional(Type.Number({ description: 'Waiting time of the oldest delivery.' })),
      delivered_total: Type.Integer(),
      failed_total: Type.Integer({ description: 'Failed attempts.' }),
      dead_total: Type.Integer({ description: 'Dead letters.' }),
      overflowed_total: Type.Integer({ description: 'Dead letters that were dropped from a full queue.' }),
      removed_total: Type.Integer({ description: 'Dead letters removed because of the limit.' }),
    },
    { description: 'Delivery of webhooks; totals count since the gateway started.' },
  ),
);
export type HealthWebhooks = Type.Static<typeof HealthWebhooks>;
