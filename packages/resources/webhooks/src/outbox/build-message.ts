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
  const body = receiverIn(url) === undefined ? cloudEvent(event, origin) : withTrace(event);
  return { messageId: messageIdOf(event, origin), body };
}

/** Returns the trace of a stored message; `undefined` if it has none. */
export function traceOfMessage({ body }: Message): string | undefined {
  const { traceparent } = JSON.parse(body) as { readonly traceparent?: unknown };
  return typeof traceparent === 'string' ? traceparent : undefined;
}

/** Adds the trace to the data of an event for a receiver of the configuration, which is a JSON object. */
function withTrace({ data, trace }: WebhookEvent): string {
  return trace === undefined ? data : `${data.slice(0, -1)},"traceparent":${JSON.stringify(trace)}}`;
}
