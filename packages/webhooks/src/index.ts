/** Delivers events to other programs over HTTP, at least once, and keeps what could not be delivered. */
export type { Webhook, WebhookEvent } from './webhook.ts';
