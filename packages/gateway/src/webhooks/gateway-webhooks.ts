import type { Log } from '@medkit/core';
import type { Clock, HttpClient, Names, Random } from '@medkit/edges';
import { openWebhooks, type Webhooks } from '@medkit/webhooks';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/gateway-database.ts';
import { stored } from '../database/stored.ts';
import { publicUrl } from '../http/public-url.ts';

export interface WebhookSources {
  readonly config: Pick<GatewayConfig, 'server' | 'webhooks'>;
  readonly database: GatewayDatabase;
  readonly http: HttpClient;
  readonly names: Names;
  readonly clock: Clock;
  readonly random: Random;
  readonly machineName: string;
  readonly log: Log;
}

/** The webhooks as the configuration has them; `undefined` where they are switched off. */
export async function gatewayWebhooks(sources: WebhookSources): Promise<Webhooks | undefined> {
  const { config, machineName, database, http, names, clock, random, log } = sources;
  const { webhooks, server } = config;
  if (!webhooks.enabled) return undefined;
  return stored(() =>
    openWebhooks({
      database,
      http,
      names,
      clock,
      random,
      log,
      origin:
        webhooks.source.replace(/\/+$/, '') ||
        (publicUrl(config) ??
          `${server.tls.enabled ? 'https' : 'http'}://${machineName}${server.port === 0 ? '' : `:${server.port}`}`),
      allowedTargets: webhooks.allowed_targets,
      maxQueued: webhooks.max_queued,
      maxDeadLetters: webhooks.max_dead_letters,
      maxConcurrent: webhooks.max_concurrent,
      maxPerSecond: webhooks.max_per_second,
      attemptTimeoutMs: webhooks.attempt_timeout_ms,
      giveUpAfterMs: webhooks.give_up_after_sec * 1000,
    }),
  );
}
