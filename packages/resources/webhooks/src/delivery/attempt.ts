import type { Clock, HttpClient, HttpReply } from '@medkit/edges';
import type { TargetAddresses } from '../addresses/target-addresses.ts';
import { CLOUD_EVENT_MEDIA } from '../envelope/cloud-event.ts';
import { messageHeaders } from '../envelope/signature.ts';
import type { Message } from '../outbox/outbox-rows.ts';
import type { Webhook } from '../webhook.ts';
import { firstLine, type Verdict, verdictOf } from './verdict.ts';

/** Octets of a reply that are read: enough for a reason, and to keep the connection for the next delivery. */
const MAX_REPLY_BYTES = 1024;

export interface AttemptEdges {
  readonly http: HttpClient;
  readonly addresses: TargetAddresses;
  readonly clock: Clock;
  readonly timeoutMs: number;
}

export interface Attempt {
  readonly verdict: Verdict;
  /** Absent where no reply came. */
  readonly reply?: HttpReply;
  /** Where it was connected to; absent where it came not so far. */
  readonly address?: string;
}

/** Tries to deliver once; `turn` chooses among the addresses of a receiver that has several. Never rejects. */
export async function attempt(
  { http, addresses, clock, timeoutMs }: AttemptEdges,
  { url, secret, headers }: Webhook,
  { messageId, body }: Message,
  { turn, signal }: { readonly turn: number; readonly signal: AbortSignal },
): Promise<Attempt> {
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
        ...headers,
        'Content-Type': CLOUD_EVENT_MEDIA,
        ...messageHeaders({ messageId, timestamp, body }, secret),
      },
      body,
      timeoutMs,
      maxReplyBytes: MAX_REPLY_BYTES,
      signal,
    });
    return { verdict: verdictOf(reply, clock), reply, address };
  } catch (error) {
    const reason = firstLine(error instanceof Error ? error.message : String(error));
    return { verdict: { is: 'failed', error: reason }, ...(address !== undefined && { address }) };
  }
}
