import { type HttpReply, type HttpRequest, seededRandom } from '@medkit/edges';
import { SimulatedClock, SimulatedHttp, SimulatedNames } from '@medkit/edges/testing';
import type { Store } from '@medkit/store';
import { testStore } from '@medkit/store/testing';
import { WEBHOOK_TABLES } from '../outbox/outbox-tables.ts';
import type { Webhook, WebhookEvent } from '../webhook.ts';
import { openWebhooks, type WebhookOptions } from '../webhooks.ts';

/** A receiver whose address `setUp` knows. */
export const RECEIVER: Webhook = { url: 'https://receiver.example/medkit' };

/** Opens webhooks with a store in memory, simulated receivers and simulated time. */
export async function setUp(
  changes: Partial<WebhookOptions> = {},
  { clock = new SimulatedClock(), ...options }: { readonly clock?: SimulatedClock; readonly store?: Store } = {},
) {
  const store = options.store ?? testStore({ clock, migrations: { webhooks: WEBHOOK_TABLES } });
  const http = new SimulatedHttp();
  const names = new SimulatedNames({ 'receiver.example': ['8.8.8.8'], 'other.example': ['8.8.4.4'] });
  const logged: string[] = [];
  const webhooks = await openWebhooks({
    database: { exists: async () => true, store: async () => store },
    http,
    names,
    clock,
    random: seededRandom(5),
    log: (level, message) => logged.push(`${level}: ${message}`),
    origin: 'http://amr-01:8080',
    allowedTargets: [],
    maxQueued: 1000,
    maxDeadLetters: 100,
    maxConcurrent: 4,
    maxPerSecond: 1000,
    attemptTimeoutMs: 10_000,
    giveUpAfterMs: 86_400_000,
    ...changes,
  });
  let last = 0;
  /** Adds events of one source in one transaction, each with a number as data. */
  const enter = async (source: string, numbers: readonly number[], webhook = RECEIVER): Promise<void> => {
    const statements = numbers.flatMap((number) => webhooks.outboxStatements(webhook, eventOf(source, ++last, number)));
    await store.write(statements);
    webhooks.wake();
    await clock.advanceAsync(5);
  };
  /** Returns `source number` of each sent request, in order. */
  const sent = (): string[] => http.requests.map(summary);
  return { clock, store, http, names, logged, webhooks, enter, sent };
}

export function eventOf(source: string, id: number, data: unknown): WebhookEvent {
  return { id: String(id), source, type: 'medkit.test', timeMs: Date.UTC(2026, 0, 1), data: JSON.stringify(data) };
}

/** Returns `source number` of a request. */
export function summary({ body }: HttpRequest): string {
  const { source, data } = JSON.parse(String(body));
  return `${source.replace('http://amr-01:8080', '')} ${data}`;
}

/** Replies to each request by its `source number`; 200 for those that are not listed. */
export function answering(replies: Readonly<Record<string, Partial<HttpReply> | Error>>) {
  return (request: HttpRequest): Partial<HttpReply> => {
    const reply = replies[summary(request)] ?? {};
    if (reply instanceof Error) throw reply;
    return reply;
  };
}
