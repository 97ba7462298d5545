/** Delivers events to other programs over HTTP, at least once, and stores those that could not be delivered. */
export type { Delivered } from './delivery/deliverer.ts';
export type { TargetFacts } from './delivery/target-facts.ts';
export { CLOUD_EVENT_MEDIA, cloudEvent } from './envelope/cloud-event.ts';
export { messageHeaders } from './envelope/signature.ts';
export type { OutboxDatabase } from './outbox/outbox.ts';
export type { DeliveryRow } from './outbox/outbox-rows.ts';
export { WEBHOOK_TABLES } from './outbox/outbox-tables.ts';
export type { ReceiverRequest, Receivers } from './receiver.ts';
export { originOf, receiverUrl } from './target/receiver-url.ts';
export type { TestFire, Webhook, WebhookEvent, WebhookTraces } from './webhook.ts';
export { openWebhooks, type WebhookFacts, type Webhooks } from './webhooks.ts';
