import { type Clock, type HttpClient, type HttpReply, redacted, secretsOfRequest } from '@medkit/edges';
import type { TargetAddresses } from '../addresses/target-addresses.ts';
import { CLOUD_EVENT_MEDIA } from '../envelope/cloud-event.ts';
import { messageHeaders } from '../envelope/signature.ts';
import { traceOfMessage } from '../outbox/build-message.ts';
import type { Message } from '../outbox/outbox-rows.ts';
import type { ReceiverRequest, Receivers } from '../receiver.ts';
import { receiverIn } from '../target/receiver-url.ts';
import type { Webhook, WebhookTraces } from '../webhook.ts';
import { type AttemptOutcome, firstLine, outcomeOf } from './attempt-outcome.ts';

/** Bytes of a reply that are read: enough for a reason, and to reuse the connection. */
const MAX_REPLY_BYTES = 1024;

export interface AttemptEdges {
  readonly http: HttpClient;
  readonly addresses: TargetAddresses;
  readonly clock: Clock;
  readonly timeoutMs: number;
  readonly receivers?: Receivers | undefined;
  readonly traces?: WebhookTraces | undefined;
}

export interface Attempt {
  readonly outcome: AttemptOutcome;
  /** Absent if no reply arrived. */
  readonly reply?: HttpReply;
  /** Address that was connected to; absent if no connection was attempted or no look-up was needed. */
  readonly address?: string;
}

/** The span of the attempt. */
interface Traced {
  readonly traceparent?: string;
}

interface Try {
  readonly turn: number;
  readonly signal: AbortSignal;
}

/**
 * Attempts one delivery; `turn` selects among several addresses of a receiver. Never rejects. If the message belongs to
 * a trace, the request continues it.
 */
export async function attempt(edges: AttemptEdges, webhook: Webhook, message: Message, tried: Try): Promise<Attempt> {
  const parent = edges.traces && traceOfMessage(message);
  if (!edges.traces || parent === undefined) return send(edges, webhook, message, tried);
  const receiver = receiverIn(webhook.url);
  const span = edges.traces.begin({
    parent,
    messageId: message.messageId,
    target: receiver ?? new URL(webhook.url).hostname,
    isReceiver: receiver !== undefined,
    resent: tried.turn,
  });
  const done = await send({ ...edges, traceparent: span.traceparent }, webhook, message, tried);
  const { outcome, reply } = done;
  span.end({ status: reply?.status, ...(outcome.is !== 'delivered' && { error: outcome.error }) });
  return done;
}

async function send(
  edges: AttemptEdges & Traced,
  { url, secret, headers }: Webhook,
  message: Message,
  { turn, signal }: Try,
): Promise<Attempt> {
  const receiver = receiverIn(url);
  if (receiver !== undefined) return attemptReceiver(edges, receiver, message, signal);
  const { http, addresses, clock, timeoutMs } = edges;
  const { messageId, body } = message;
  const secrets = [...secretsOfRequest(url, headers ?? {}), secret ?? ''];
  let address: string | undefined;
  try {
    address = await addresses.addressOf(new URL(url), turn);
    const timestamp = Math.floor(clock.wallMs() / 1000);
    const reply = await http.send({
      method: 'POST',
      url,
      address,
      headers: {
        'User-Agent': 'medkit',
        ...(edges.traceparent !== undefined && { traceparent: edges.traceparent }),
        ...headers,
        'Content-Type': CLOUD_EVENT_MEDIA,
        ...messageHeaders({ messageId, timestamp, body }, secret),
      },
      body,
      timeoutMs,
      maxReplyBytes: MAX_REPLY_BYTES,
      signal,
    });
    return { outcome: outcomeOf(withoutSecrets(reply, secrets), clock), reply, address };
  } catch (error) {
    return { outcome: { is: 'failed', error: failureText(error, secrets) }, ...(address !== undefined && { address }) };
  }
}

/**
 * Like `attempt`, for a receiver of the configuration. The operator chose it, so any address is allowed, including the
 * robot's network.
 */
async function attemptReceiver(
  { http, clock, timeoutMs, receivers, traceparent }: AttemptEdges & Traced,
  receiver: string,
  { messageId, body: data }: Message,
  signal: AbortSignal,
): Promise<Attempt> {
  let secrets: ReceiverRequest['secrets'] = [];
  try {
    const request = await receivers?.requestOf(receiver, { messageId, data });
    if (!request) return { outcome: { is: 'gone', error: `the configuration has no receiver ${receiver}` } };
    secrets = request.secrets;
    const { method, url, headers, body } = request;
    const sent = await http.send({
      method,
      url,
      headers: { 'User-Agent': 'medkit', ...(traceparent !== undefined && { traceparent }), ...headers },
      ...(body !== undefined && { body }),
      timeoutMs,
      maxReplyBytes: MAX_REPLY_BYTES,
      signal,
    });
    const reply = withoutSecrets(sent, secrets);
    return { outcome: outcomeOf(reply, clock), reply };
  } catch (error) {
    return { outcome: { is: 'failed', error: failureText(error, secrets) } };
  }
}

/** Redacts the secrets of the request in the parts of a reply that are shown. */
function withoutSecrets(reply: HttpReply, secrets: readonly string[]): HttpReply {
  const { location } = reply.headers;
  return {
    ...reply,
    headers: { ...reply.headers, ...(location !== undefined && { location: redacted(location, secrets) }) },
    body: redacted(reply.body, secrets),
  };
}

/** Returns why an attempt failed. Redacts secrets before truncating the text, so that no part of one remains. */
const failureText = (error: unknown, secrets: readonly string[] = []): string =>
  firstLine(redacted(error instanceof Error ? error.message : String(error), secrets));
