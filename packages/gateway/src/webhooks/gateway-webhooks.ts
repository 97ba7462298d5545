import type { Log, RuntimeHealth } from '@medkit/core';
import type { Clock, HttpClient, Names, Random } from '@medkit/edges';
import { type Delivered, openWebhooks, type Receivers, type Webhooks, type WebhookTraces } from '@medkit/webhooks';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import { stored } from '../database/store-errors.ts';
import { eventOrigin } from './event-origin.ts';
import { webhookHealth } from './webhook-health.ts';

export interface WebhookSources {
  readonly config: Pick<GatewayConfig, 'server' | 'webhooks'>;
  readonly database: GatewayDatabase;
  readonly http: HttpClient;
  readonly names: Names;
  readonly clock: Clock;
  readonly random: Random;
  readonly machineName: string;
  readonly log: Log;
  /** Called with each delivery. */
  readonly onDelivered?: ((delivered: Delivered) => void) | undefined;
  /** Absent if traces are disabled. */
  readonly traces?: WebhookTraces | undefined;
}

export interface GatewayWebhooks {
  /** Webhooks of clients; absent if webhooks are disabled. */
  readonly webhooks: Webhooks | undefined;
  /** The same queue, or one for configured receivers alone; absent if there is nothing to deliver. */
  readonly outbox: Webhooks | undefined;
  health(): RuntimeHealth;
  close(): Promise<void>;
}

const DISABLED: GatewayWebhooks = {
  webhooks: undefined,
  outbox: undefined,
  health: () => ({ warnings: [], blocks: {} }),
  close: async () => undefined,
};

/** Opens the webhooks as configured. */
export async function gatewayWebhooks(
  sources: WebhookSources,
  receivers: Receivers | undefined,
): Promise<GatewayWebhooks> {
  const { config, machineName, database, http, names, clock, random, log } = sources;
  const { webhooks } = config;
  if (!webhooks.enabled && !receivers) return DISABLED;
  const outbox = await stored(() =>
    openWebhooks({
      database,
      http,
      names,
      clock,
      random,
      log,
      origin: eventOrigin(config, machineName),
      allowedTargets: webhooks.allowed_targets,
      maxQueued: webhooks.max_queued,
      maxDeadLetters: webhooks.max_dead_letters,
      maxConcurrent: webhooks.max_concurrent,
      maxPerSecond: webhooks.max_per_second,
      attemptTimeoutMs: webhooks.attempt_timeout_ms,
      giveUpAfterMs: webhooks.give_up_after_sec * 1000,
      ...(receivers && { receivers }),
      onlyReceivers: !webhooks.enabled,
      onDelivered: sources.onDelivered,
      traces: sources.traces,
    }),
  );
  return {
    webhooks: webhooks.enabled ? outbox : undefined,
    outbox,
    health: () => (webhooks.enabled ? webhookHealth(outbox, webhooks.max_queued) : DISABLED.health()),
    close: () => outbox.close(),
  };
}
