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
  // The text is foreign only in a message of a receiver, whose data need not be JSON.
  if (!body.endsWith('}')) return undefined;
  try {
    const { traceparent } = JSON.parse(body) as { readonly traceparent?: unknown };
    return typeof traceparent === 'string' ? traceparent : undefined;
  } catch {
    return undefined;
  }
}

/** Adds the trace to the data of an event for a receiver of the configuration, if that is a JSON object with members. */
function withTrace({ data, trace }: WebhookEvent): string {
  return trace === undefined || !/^\{[^}]*"[\s\S]*\}$/.test(data)
    ? data
    : `${data.slice(0, -1)},"traceparent":${JSON.stringify(trace)}}`;
}
