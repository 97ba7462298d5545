import type { Message } from '../outbox/outbox-rows.ts';
import { receiverIn } from '../target/receiver-url.ts';
import type { Webhook, WebhookEvent } from '../webhook.ts';
import { cloudEvent } from './cloud-event.ts';
import { messageIdOf } from './signature.ts';

/**
 * Returns the message to store for a delivery: the CloudEvent; for a receiver of the configuration the data, from which
 * its request is built later.
 */
export function buildMessage({ url }: Webhook, event: WebhookEvent, origin: string): Message {
  const body = receiverIn(url) === undefined ? cloudEvent(event, origin) : event.data;
  return { messageId: messageIdOf(event, origin), body };
}
