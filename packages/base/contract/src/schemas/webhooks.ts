import { anything, mapOf, named, oneOf, optional } from './compose.ts';
import * as Type from './type.ts';

export const WebhookTarget = named(
  'WebhookTarget',
  Type.Object({
    url: Type.String({ minLength: 1, description: '`https:` or `http:`, without user, password and fragment.' }),
    secret: optional(
      Type.String({
        description:
          'Signs every delivery: `whsec_` and 24 to 64 octets as base64, or any text of 16 to 256 characters. Without it deliveries are not signed. It is never shown.',
      }),
    ),
    headers: optional(
      mapOf(Type.String(), 'Sent with every delivery, such as `Authorization`. Their values are never shown.'),
    ),
  }),
);
export type WebhookTarget = Type.Static<typeof WebhookTarget>;

export const WebhookTestResult = named(
  'WebhookTestResult',
  Type.Object({
    delivered: Type.Boolean({ description: 'Whether the receiver took it: it answered 2xx.' }),
    status: optional(Type.Integer({ description: 'What it answered; absent where no reply came.' })),
    reply: optional(Type.String({ description: 'How its answer begins.' })),
    error: optional(Type.String({ description: 'Why it was not delivered.' })),
    address: optional(Type.String({ description: 'IP address that was connected to.' })),
    duration_ms: Type.Number({ description: 'From the look-up of the name to the end of the answer.' }),
  }),
);
export type WebhookTestResult = Type.Static<typeof WebhookTestResult>;

/** Delivery statistics of a target. */
const WebhookTargetItem = named(
  'WebhookTargetItem',
  Type.Object({
    id: Type.String(),
    origin: Type.String({ description: 'Scheme, host and port of its address; what comes behind may be secret.' }),
    state: oneOf('delivering', 'retrying', 'paused'),
    queued: Type.Integer({ description: 'Deliveries that wait, those under way included.' }),
    retrying: Type.Integer({ description: 'Sources whose oldest delivery has failed and is tried again.' }),
    dead: Type.Integer({ description: 'Deliveries that were given up and are kept.' }),
    delivered_total: Type.Integer({ description: 'Since the gateway started.' }),
    failed_total: Type.Integer({ description: 'Tries in vain since the gateway started.' }),
    failures_in_a_row: Type.Integer(),
    oldest_age_sec: optional(Type.Number({ description: 'How long the delivery that waits longest has waited.' })),
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
  source: Type.String({ description: 'What tells it, such as the path of a trigger.' }),
  type: Type.String({ description: 'Type of the event, such as `medkit.trigger.fired`.' }),
  message_id: Type.String({ description: 'The `webhook-id` that it is delivered with.' }),
  time: Type.String({ description: 'When it happened, RFC 3339.' }),
  attempts: Type.Integer({ description: 'Tries in vain so far.' }),
  waited_sec: Type.Number({ description: 'How long it has waited while the gateway ran.' }),
  last_error: optional(Type.String()),
  died_at: optional(Type.String({ description: 'When it was given up, RFC 3339.' })),
};

export const WebhookDelivery = named('WebhookDelivery', Type.Object(delivery));
export type WebhookDelivery = Type.Static<typeof WebhookDelivery>;

export const WebhookDeliveryList = named(
  'WebhookDeliveryList',
  Type.Object({
    items: Type.Array(WebhookDelivery),
    'x-medkit': Type.Object({
      next: optional(Type.String({ description: '`after` of the next page; absent with the last.' })),
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
      targets: Type.Integer({ description: 'Targets that something was or is to be delivered to lately.' }),
      queued: Type.Integer({ description: 'Deliveries that wait, those under way included.' }),
      retrying: Type.Integer({ description: 'Queues, one for each source of a target, whose oldest delivery failed.' }),
      dead: Type.Integer({ description: 'Deliveries that were given up and are kept.' }),
      oldest_age_sec: optional(Type.Number({ description: 'Of the delivery that waits longest.' })),
      delivered_total: Type.Integer(),
      failed_total: Type.Integer({ description: 'Tries in vain.' }),
      dead_total: Type.Integer({ description: 'Deliveries that were given up.' }),
      overflowed_total: Type.Integer({ description: 'Those of them that made way for newer ones in a full queue.' }),
      removed_total: Type.Integer({ description: 'Dead letters that made way for newer ones.' }),
    },
    { description: 'How webhooks are delivered; totals count since the gateway started.' },
  ),
);
export type HealthWebhooks = Type.Static<typeof HealthWebhooks>;
