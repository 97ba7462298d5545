import { cloudEvent } from '../envelope/cloud-event.ts';
import { messageIdOf } from '../envelope/signature.ts';
import { receiverIn } from '../target/receiver-url.ts';
import type { Webhook, WebhookEvent } from '../webhook.ts';
import type { Message } from './outbox-rows.ts';

/**
 * Returns the message to store for a delivery: the CloudEvent; for a receiver of the configuration the data, from which
 * its request is built later.
 */
export function buildMessage({ url }: Webhook, event: WebhookEvent, origin: string): Message {
  const body = receiverIn(url) === undefined ? cloudEvent(event, origin) : event.data;
  return { messageId: messageIdOf(event, origin), body };
}
