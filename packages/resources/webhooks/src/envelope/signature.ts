import { createHash, createHmac } from 'node:crypto';
import { keyOf } from '../target/secret.ts';
import type { WebhookEvent } from '../webhook.ts';

/** The signed parts of a delivery. */
export interface Signed {
  readonly messageId: string;
  /** Seconds since the epoch. */
  readonly timestamp: number;
  readonly body: string;
}

/** Returns the headers that identify and authenticate a message, according to Standard Webhooks. */
export function messageHeaders(signed: Signed, secret: string | undefined): Record<string, string> {
  const { messageId, timestamp } = signed;
  return {
    'webhook-id': messageId,
    'webhook-timestamp': String(timestamp),
    ...(secret !== undefined && { 'webhook-signature': signature(signed, secret) }),
  };
}

function signature({ messageId, timestamp, body }: Signed, secret: string): string {
  const hmac = createHmac('sha256', keyOf(secret)).update(`${messageId}.${timestamp}.${body}`);
  return `v1,${hmac.digest('base64')}`;
}

/** Returns an id that is equal for all deliveries of one event, and different for every other event of any robot. */
export function messageIdOf({ id, source }: Pick<WebhookEvent, 'id' | 'source'>, origin: string): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([origin, source, id]))
    .digest('base64url');
  return `msg_${digest.slice(0, 27)}`;
}
