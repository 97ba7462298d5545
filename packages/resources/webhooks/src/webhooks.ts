import { type Clock, type HttpClient, type Names, Quota, type Random } from '@medkit/edges';
import type { Statement } from '@medkit/store';
import { allowedTargets } from './addresses/allowed-targets.ts';
import { TargetAddresses } from './addresses/target-addresses.ts';
import { attempt } from './delivery/attempt.ts';
import { type Delivered, Deliverer } from './delivery/deliverer.ts';
import { type TargetFacts, targetFacts } from './delivery/target-facts.ts';
import { buildMessage } from './outbox/build-message.ts';
import { type DeliveryFilter, type DeliveryPage, Outbox, type OutboxDatabase } from './outbox/outbox.ts';
import type { DeliveryRow } from './outbox/outbox-rows.ts';
import { outboxStatements } from './outbox/outbox-statements.ts';
import type { Receivers } from './receiver.ts';
import { webhookProblem } from './target/webhook-problem.ts';
import type { TestFire, Webhook, WebhookEvent, WebhookTraces } from './webhook.ts';

/** Maximum test deliveries under way. A client leaves half of the places to others: a target may take long to answer. */
const MAX_TESTS = 8;

export interface WebhookOptions {
  /** A database with `WEBHOOK_TABLES`. */
  readonly database: OutboxDatabase;
  readonly http: HttpClient;
  readonly names: Names;
  readonly clock: Clock;
  readonly random: Random;
  readonly log: (level: 'info' | 'warn', message: string) => void;
  /** Prefix of the source of every event, which identifies the robot: `http://amr-01:8080`. */
  readonly origin: string;
  /** Names, addresses and ranges that are allowed as targets although they are not public. */
  readonly allowedTargets: readonly string[];
  /** Maximum waiting deliveries of all targets. */
  readonly maxQueued: number;
  readonly maxDeadLetters: number;
  /** For each target. */
  readonly maxConcurrent: number;
  /** For each target. */
  readonly maxPerSecond: number;
  readonly attemptTimeoutMs: number;
  readonly giveUpAfterMs: number;
  /** The receivers of the configuration. */
  readonly receivers?: Receivers;
  /** Delivers only to these receivers. */
  readonly onlyReceivers?: boolean;
  /** Called for each successful delivery. */
  readonly onDelivered?: ((delivered: Delivered) => void) | undefined;
  /** Absent if traces are disabled. */
  readonly traces?: WebhookTraces | undefined;
}

/** Statistics of deliveries; totals since the start. */
export interface WebhookFacts {
  readonly targets: readonly TargetFacts[];
  readonly delivered: number;
  /** Failed attempts. */
  readonly failed: number;
  readonly dead: number;
  readonly died: number;
  readonly overflowed: number;
  readonly removed: number;
}

/** Delivers events and reports their state. Calls that access the disk reject with a `StoreError`. */
export interface Webhooks {
  /** Returns in a sentence why events cannot be delivered to `webhook`; `undefined` if they can. */
  problemOf(webhook: Webhook): string | undefined;
  /**
   * Returns statements that add a delivery of `event` to the outbox. Run them on the database of these webhooks, in the
   * transaction that makes the event known, then call `wake`. From then on, the event is delivered at least once or
   * stored as a dead letter.
   */
  outboxStatements(webhook: Webhook, event: WebhookEvent): readonly Statement[];
  /** Reports that the outbox may have new deliveries. */
  wake(): void;
  /** Delivers immediately for `owner`, without the outbox, and returns the result. Never rejects. */
  fire(webhook: Webhook, event: WebhookEvent, signal: AbortSignal, owner?: string): Promise<TestFire>;
  /** Bounds test deliveries by owner. */
  readonly tests: Quota;
  facts(): WebhookFacts;
  /** Number of dead letters by target, including targets without waiting deliveries. */
  deadByTarget(): Promise<ReadonlyMap<number, { readonly url: string; readonly dead: number }>>;
  list(page: DeliveryPage): Promise<readonly DeliveryRow[]>;
  /** Returns a delivery with its CloudEvent. */
  find(id: number): Promise<(DeliveryRow & { readonly body: string }) | undefined>;
  /** Queues dead letters again as if they were new. Returns how many. */
  redeliver(filter: DeliveryFilter): Promise<number>;
  /** Removes a delivery in any state; one in progress is not aborted. Returns false if it does not exist. */
  drop(id: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Starts delivering the content of the outbox. Rejects with a `StoreError` if it cannot be read. */
export async function openWebhooks(options: WebhookOptions): Promise<Webhooks> {
  const { database, http, names, clock, random, log, origin } = options;
  const { allowed, notUnderstood } = allowedTargets(options.allowedTargets);
  if (notUnderstood.length > 0) {
    log(
      'warn',
      `webhooks.allowed_targets: not a name, address or range: ${notUnderstood.join(', ')}. The entry is ignored`,
    );
  }
  const addresses = new TargetAddresses({ names, allowed, clock });
  const { receivers, traces, onlyReceivers = false } = options;
  const edges = { http, addresses, clock, timeoutMs: options.attemptTimeoutMs, receivers, traces };
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
  const tests = new Quota(MAX_TESTS);

  return {
    problemOf: (webhook) => webhookProblem(webhook) ?? addresses.problemOf(new URL(webhook.url)),
    outboxStatements: (webhook, event) =>
      outboxStatements(webhook, { ...event, trace: traces?.traceOf(event) }, origin),
    wake: () => deliverer.wake(),
    tests,
    fire: async (webhook, event, signal, owner) => {
      if (!tests.take(owner)) {
        const underWay = tests.isFull ? tests.total : tests.heldBy(owner ?? '');
        return { delivered: false, error: `${underWay} tests are in progress: try again later`, durationMs: 0 };
      }
      const beganMs = clock.monotonicMs();
      const message = buildMessage(webhook, event, origin);
      const { outcome, reply, address } = await attempt(edges, webhook, message, { turn: 0, signal });
      tests.release(owner);
      return {
        delivered: outcome.is === 'delivered',
        durationMs: clock.monotonicMs() - beganMs,
        ...(outcome.is !== 'delivered' && { error: outcome.error }),
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
