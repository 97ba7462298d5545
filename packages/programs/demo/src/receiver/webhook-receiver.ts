import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingHttpHeaders, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Clock } from '@medkit/edges';

/** Maximum number of stored deliveries; the oldest are dropped. */
const MAX_DELIVERIES = 50;
/** Maximum body size; events of the gateway are smaller. */
const MAX_BODY_BYTES = 256 * 1024;
/** Maximum age of a signature, as protection against replay. */
const FRESH_MS = 300_000;

/** A received delivery. */
export interface Delivery {
  /** ISO 8601, UTC. */
  readonly received: string;
  /** `webhook-id`; equal for repeated deliveries. */
  readonly id: string;
  readonly signature: 'valid' | 'wrong';
  /** The CloudEvents event. */
  readonly event: unknown;
}

/** Address for deliveries, and the signing secret. */
export interface ReceiverAddress {
  /** `POST` delivers, `GET` lists deliveries, newest first. */
  readonly url: string;
  readonly secret: string;
}

export interface WebhookReceiver extends ReceiverAddress {
  close(): Promise<void>;
}

/** Opens a webhook receiver on a free loopback port with a generated secret. */
export async function openWebhookReceiver(clock: Pick<Clock, 'wallMs'>): Promise<WebhookReceiver> {
  const key = randomBytes(32);
  const deliveries: Delivery[] = [];
  const take = (headers: IncomingHttpHeaders, body: string): void => {
    const nowMs = clock.wallMs();
    const signature = isSigned(headers, body, key, nowMs) ? 'valid' : 'wrong';
    const id = String(headers['webhook-id'] ?? '');
    deliveries.unshift({ received: new Date(nowMs).toISOString(), id, signature, event: JSON.parse(body) });
    deliveries.length = Math.min(deliveries.length, MAX_DELIVERIES);
  };
  const server = createServer((request, response) => {
    answer(request, response, deliveries, take).catch((error: Error) => send(response, 400, { error: error.message }));
  });
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(0, '127.0.0.1', resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    secret: `whsec_${key.toString('base64')}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function answer(
  request: IncomingMessage,
  response: ServerResponse,
  deliveries: readonly Delivery[],
  take: (headers: IncomingHttpHeaders, body: string) => void,
): Promise<void> {
  if (request.method === 'GET') return send(response, 200, { items: deliveries });
  if (request.method !== 'POST')
    return send(response, 405, { error: 'use POST to deliver an event, or GET to list the deliveries' });
  take(request.headers, await bodyOf(request));
  send(response, 204);
}

function send(response: ServerResponse, status: number, body?: unknown): void {
  response
    .writeHead(status, { 'content-type': 'application/json' })
    .end(body && `${JSON.stringify(body, undefined, 2)}\n`);
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let body = '';
  request.setEncoding('utf8');
  for await (const chunk of request) {
    body += chunk;
    if (body.length > MAX_BODY_BYTES) throw new Error(`the body is larger than ${MAX_BODY_BYTES} bytes`);
  }
  return body;
}

/** Verifies a Standard Webhooks signature over id, time and body. */
function isSigned(headers: IncomingHttpHeaders, body: string, key: Buffer, nowMs: number): boolean {
  const { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': signatures = '' } = headers;
  if (!(Math.abs(nowMs - 1000 * Number(timestamp)) < FRESH_MS)) return false;
  const expected = createHmac('sha256', key).update(`${id}.${timestamp}.${body}`).digest();
  return String(signatures)
    .split(' ')
    .map((signature) => Buffer.from(signature.replace(/^v1,/, ''), 'base64'))
    .some((digest) => digest.length === expected.length && timingSafeEqual(digest, expected));
}
