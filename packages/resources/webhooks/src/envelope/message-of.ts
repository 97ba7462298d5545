import type { Message } from '../outbox/outbox-rows.ts';
import { receiverIn } from '../target/receiver-url.ts';
import type { Webhook, WebhookEvent } from '../webhook.ts';
import { cloudEvent } from './cloud-event.ts';
import { messageIdOf } from './signature.ts';

/** What is kept of an event for its delivery: its envelope; for a receiver of the configuration its data, out of which that is made. */
export function messageOf({ url }: Webhook, event: WebhookEvent, origin: string): Message {
  const body = receiverIn(url) === undefined ? cloudEvent(event, origin) : event.data;
  return { messageId: messageIdOf(event, origin), body };
}
