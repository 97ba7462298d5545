import type { Clock, HttpClient, Names, Random } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import { allowedTargets } from './addresses/allowed-targets.ts';
import { TargetAddresses } from './addresses/target-addresses.ts';
import { attempt } from './delivery/attempt.ts';
import { type Delivered, Deliverer } from './delivery/deliverer.ts';
import { type TargetFacts, targetFacts } from './delivery/target-facts.ts';
import { messageOf } from './envelope/message-of.ts';
import { type DeliveryFilter, type DeliveryPage, Outbox, type OutboxDatabase } from './outbox/outbox.ts';
import type { DeliveryRow } from './outbox/outbox-rows.ts';
import { outboxStatements } from './outbox/outbox-statements.ts';
import type { Receivers } from './receiver.ts';
import { webhookProblem } from './target/webhook-problem.ts';
import type { TestFire, Webhook, WebhookEvent } from './webhook.ts';

/** Test deliveries under way at once. */
const MAX_TESTS = 4;

export interface WebhookOptions {
  /** Has `WEBHOOK_TABLES`. */
  readonly database: OutboxDatabase;
  readonly http: HttpClient;
  readonly names: Names;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Stands before the source of every event and names the robot: `http://amr-01:8080`. */
  readonly origin: string;
  /** Names, addresses and ranges that may be delivered to although they are not public. */
  readonly allowedTargets: readonly string[];
  /** Deliveries that wait, of all targets. */
  readonly maxQueued: number;
  readonly maxDeadLetters: number;
  /** Of one target. */
  readonly maxConcurrent: number;
  /** Of one target. */
  readonly maxPerSecond: number;
  readonly attemptTimeoutMs: number;
  readonly giveUpAfterMs: number;
  /** Those that the configuration names. */
  readonly receivers?: Receivers;
  /** Nothing is delivered but to those. */
  readonly onlyReceivers?: boolean;
  /** Hears of what has arrived. */
  readonly onDelivered?: ((delivered: Delivered) => void) | undefined;
}

/** How deliveries fare; totals since the start. */
export interface WebhookFacts {
  readonly targets: readonly TargetFacts[];
  readonly delivered: number;
  /** Tries in vain. */
  readonly failed: number;
  readonly dead: number;
  readonly died: number;
  readonly overflowed: number;
  readonly removed: number;
}

/** Deliveries of events, and what is known of them. Whatever touches the disk rejects with a `StoreError`. */
export interface Webhooks {
  /** Why events cannot be delivered to `webhook`, in a sentence for who asks for it; `undefined` where they can. */
  problemOf(webhook: Webhook): string | undefined;
  /**
   * Enters a delivery of `event` into the outbox: to be run in the transaction that makes the event known, on the database
   * of these webhooks, followed by `wake`. From then on it is delivered at least once, or kept as a dead letter.
   */
  outboxStatements(webhook: Webhook, event: WebhookEvent): readonly Statement[];
  /** Something may be in the outbox that was not before. */
  wake(): void;
  /** Delivers at once, without the outbox, and says what came of it. Never rejects. */
  fire(webhook: Webhook, event: WebhookEvent, signal: AbortSignal): Promise<TestFire>;
  facts(): WebhookFacts;
  /** Dead letters by target, also of those that nothing waits for. */
  deadByTarget(): Promise<ReadonlyMap<number, { readonly url: string; readonly dead: number }>>;
  list(page: DeliveryPage): Promise<readonly DeliveryRow[]>;
  /** With the envelope that is delivered. */
  find(id: number): Promise<(DeliveryRow & { readonly body: string }) | undefined>;
  /** Queues dead letters again, as if they were new. Gives how many. */
  redeliver(filter: DeliveryFilter): Promise<number>;
  /** Forgets a delivery, whatever its state; one under way is not called back. False where there is none. */
  drop(id: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Delivers what is and what comes into the outbox. Rejects with a `StoreError` where that cannot be read. */
export async function openWebhooks(options: WebhookOptions): Promise<Webhooks> {
  const { database, http, names, clock, random, log, origin } = options;
  const { allowed, notUnderstood } = allowedTargets(options.allowedTargets);
  if (notUnderstood.length > 0) {
    log('warn', `webhooks.allowed_targets: no name, address or range: ${notUnderstood.join(', ')}. It is left out`);
  }
  const addresses = new TargetAddresses({ names, allowed, clock });
  const { receivers, onlyReceivers = false } = options;
  const edges = { http, addresses, clock, timeoutMs: options.attemptTimeoutMs, receivers };
  const outbox = new Outbox(database, onlyReceivers);
  const { maxConcurrent, maxPerSecond, giveUpAfterMs, maxQueued, maxDeadLetters: maxDead } = options;
  const bounds = { maxConcurrent, maxPerSecond, giveUpAfterMs };
  const deliverer = new Deliverer({
    outbox,
    edges,
    clock,
    random,
    bounds,
    maxQueued,
    maxDead,
    log,
    onDelivered: options.onDelivered,
  });
  await deliverer.start();
  let tests = 0;

  return {
    problemOf: (webhook) => webhookProblem(webhook) ?? addresses.problemOf(new URL(webhook.url)),
    outboxStatements: (webhook, event) => outboxStatements(webhook, event, origin),
    wake: () => deliverer.wake(),
    fire: async (webhook, event, signal) => {
      if (tests >= MAX_TESTS) return { delivered: false, error: `${MAX_TESTS} tests are under way`, durationMs: 0 };
      tests += 1;
      const beganMs = clock.monotonicMs();
      const message = messageOf(webhook, event, origin);
      const { verdict, reply, address } = await attempt(edges, webhook, message, { turn: 0, signal });
      tests -= 1;
      return {
        delivered: verdict.is === 'delivered',
        durationMs: clock.monotonicMs() - beganMs,
        ...(verdict.is !== 'delivered' && { error: verdict.error }),
        ...(reply && { status: reply.status, reply: reply.body }),
        ...(address !== undefined && { address }),
      };
    },
    facts: () => {
      const { targets, dead, died, overflowed, removed } = deliverer;
      const { all, delivered, failed } = targets;
      return { targets: all.map(targetFacts), delivered, failed, dead, died, overflowed, removed };
    },
    deadByTarget: () => outbox.deadByTarget(),
    list: (page) => outbox.list(page),
    find: (id) => outbox.find(id),
    redeliver: (filter) => deliverer.redeliver(filter),
    drop: (id) => deliverer.drop(id),
    close: () => deliverer.close(),
  };
}
