import { FAULT_SEVERITIES, type HealthNotify, type NotifyReceiver } from '@medkit/contract';
import type { Notify, Receiver } from '@medkit/notify';
import { receiverUrl, type TargetFacts, type WebhookFacts } from '@medkit/webhooks';

const MINUTE_MS = 60_000;

/** Returns the state of a receiver, as clients see it. */
export function receiverFacts({ name, type }: Receiver, facts: WebhookFacts): HealthNotify['receivers'][number] {
  const { queued = 0, lastDeliveredMs, lastError, failuresInARow = 0 } = targetOf(name, facts) ?? {};
  return {
    name,
    type,
    waiting: queued,
    ...(lastDeliveredMs !== undefined && { last_delivered: new Date(lastDeliveredMs).toISOString() }),
    ...(failuresInARow > 0 && lastError !== undefined && { problem: lastError }),
  };
}

/** Returns the state of a receiver and its settings. */
export function receiverItem(
  receiver: Receiver,
  facts: WebhookFacts,
  dead: ReadonlyMap<number, { readonly url: string; readonly dead: number }>,
): NotifyReceiver {
  const { leastSeverity, afterMs, name } = receiver;
  const given_up = [...dead.values()].find(({ url }) => url === receiverUrl(name))?.dead ?? 0;
  return {
    severity: FAULT_SEVERITIES.names[leastSeverity] ?? 'warning',
    ...(afterMs > 0 && { after_min: afterMs / MINUTE_MS }),
    given_up,
    ...receiverFacts(receiver, facts),
  };
}

/** Returns the delivery state of the configured receiver with this name; `undefined` if nothing was sent to it. */
export function targetOf(name: string, { targets }: WebhookFacts): TargetFacts | undefined {
  return targets.find(({ receiver }) => receiver === name);
}

export type NotifyView = Pick<Notify, 'facts' | 'hasSource' | 'publicUrl' | 'receivers'>;
