import type { Log, Model } from '@medkit/core';
import type { Clock, HttpClient, Random } from '@medkit/edges';
import type { Notify } from '@medkit/notify';
import type { Webhooks } from '@medkit/webhooks';
import type { GatewayConfig } from '../config/index.ts';
import type { GatewayDatabase } from '../database/lazy-store.ts';
import type { Feature } from '../features.ts';
import { publicUrl } from '../http/public-url.ts';
import { eventOrigin } from '../webhooks/event-origin.ts';

const DAY_MS = 86_400_000;
/** Warnings of a gateway that cannot store faults: it sends no heartbeat while one is active. */
const AILMENTS: ReadonlySet<string> = new Set(['faults_not_stored', 'faults_unavailable', 'fault_manager_gone']);

export interface NotifySources {
  readonly config: Pick<GatewayConfig, 'notify' | 'receivers' | 'server' | 'webhooks'>;
  readonly model: Pick<Model, 'health'>;
  readonly database: GatewayDatabase;
  readonly http: HttpClient;
  readonly clock: Clock;
  readonly random: Random;
  readonly machineName: string;
  readonly instance: string;
  readonly log: Log;
}

/**
 * Creates the notifications as configured. Returns `undefined`, without loading their code, if there are neither
 * receivers nor a heartbeat.
 */
export async function gatewayNotify(sources: NotifySources): Promise<Notify | undefined> {
  const { config, model } = sources;
  const { heartbeat_url: url, heartbeat_sec, settle_ms, link_days } = config.notify;
  if (config.receivers.length === 0 && url === '') return undefined;
  const healthProblem = async (): Promise<string | undefined> =>
    (await model.health()).warnings.find(({ code }) => AILMENTS.has(code))?.message;
  const { Notify } = await import('@medkit/notify');
  return new Notify({
    ...sources,
    receivers: config.receivers,
    heartbeat: url === '' ? undefined : { url, periodMs: heartbeat_sec * 1000, healthProblem },
    origin: eventOrigin(config, sources.machineName),
    publicUrl: publicUrl(config),
    settleMs: settle_ms,
    linkMs: link_days * DAY_MS,
  });
}

/** Starts the notifications, which are delivered over the queue `outbox`. Loads their health only if there are any. */
export async function startNotify(
  notify: Notify | undefined,
  outbox: Webhooks | undefined,
  parts: Omit<Parameters<Notify['start']>[0], 'webhooks'>,
): Promise<Feature | undefined> {
  if (!notify || !outbox) return undefined;
  const { notifyHealth } = await import('./notify-health.ts');
  notify.start({ ...parts, webhooks: outbox });
  return { health: () => notifyHealth(notify, outbox.facts()), close: () => notify.close() };
}
