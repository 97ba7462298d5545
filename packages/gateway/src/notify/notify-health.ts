import type { HealthNotify } from '@medkit/contract';
import type { RuntimeHealth, Warning } from '@medkit/core';
import type { HeartbeatFacts } from '@medkit/notify';
import type { WebhookFacts } from '@medkit/webhooks';
import { type NotifyView, receiverFacts, targetOf } from './receiver-facts.ts';

/** Minimum time for which a receiver must fail to cause a warning: messages wait until then. */
const FAILING_MS = 300_000;
/** Failed heartbeats in a row that cause a warning. */
const FAILING_BEATS = 3;

/** Block `x-medkit-notify`, and warnings about failing receivers and missing settings. */
export function notifyHealth(notify: NotifyView, webhooks: WebhookFacts): RuntimeHealth {
  const { sent, waiting, problem, heartbeat } = notify.facts();
  const links = notify.publicUrl !== undefined;
  const block: HealthNotify & Record<string, unknown> = {
    receivers: notify.receivers.map((receiver) => receiverFacts(receiver, webhooks)),
    told_total: sent,
    waiting,
    links,
    ...(problem !== undefined && { problem }),
    ...(heartbeat && { heartbeat: heartbeatBlock(heartbeat) }),
  };
  const hasReceivers = notify.receivers.length > 0;
  const warnings = [
    ...failing(notify, webhooks),
    ...(problem === undefined
      ? []
      : [warning('notify_not_told', `Notifications of incidents cannot be sent now: ${problem}`)]),
    ...(hasReceivers && !links ? [NO_LINKS] : []),
    ...(hasReceivers && !notify.hasSource ? [NO_INCIDENTS] : []),
    ...(heartbeat ? heartbeatWarnings(heartbeat) : []),
  ];
  return { warnings, blocks: { 'x-medkit-notify': block } };
}

const warning = (code: string, message: string): Warning => ({ code, message });

const NO_LINKS = warning(
  'notify_no_links',
  'Notifications have no links, so incidents cannot be acknowledged from a message: set server.public_url to the address of this gateway that users can reach',
);
const NO_INCIDENTS = warning(
  'notify_no_incidents',
  'The receivers in notify.receivers get no notifications, because incidents are disabled on this gateway: set incidents.enabled to true',
);

function failing({ receivers }: NotifyView, webhooks: WebhookFacts): readonly Warning[] {
  return receivers.flatMap(({ name, type }) => {
    const target = targetOf(name, webhooks);
    if (!target || target.failuresInARow === 0) return [];
    if (Math.max(target.failingMs ?? 0, target.oldestMs ?? 0) < FAILING_MS) return [];
    const message = `The receiver ${name} (${type}) cannot be notified, ${target.queued} messages are queued: ${target.lastError}. Test it with medkit notify test ${name}`;
    return [warning('notify_receiver_failing', message)];
  });
}

function heartbeatBlock(facts: HeartbeatFacts): HealthNotify['heartbeat'] {
  const { origin, sent, failed, failuresInARow, lastMs, lastError, withheld } = facts;
  return {
    origin,
    sent_total: sent,
    failed_total: failed,
    failures_in_a_row: failuresInARow,
    ...(lastMs !== undefined && { last_sent: new Date(lastMs).toISOString() }),
    ...(lastError !== undefined && { last_error: lastError }),
    ...(withheld !== undefined && { withheld }),
  };
}

function heartbeatWarnings({ origin, failuresInARow, lastError, withheld }: HeartbeatFacts): readonly Warning[] {
  if (withheld !== undefined) {
    return [warning('notify_heartbeat_withheld', `No heartbeat is sent to ${origin}: ${withheld}`)];
  }
  if (failuresInARow < FAILING_BEATS) return [];
  return [warning('notify_heartbeat_failing', `The heartbeat does not reach ${origin}: ${lastError}`)];
}
