import type { HealthWebhooks } from '@medkit/contract';
import { quotaBlock, type RuntimeHealth, type Warning } from '@medkit/core';
import type { QuotaFigures } from '@medkit/edges';
import type { TargetFacts, WebhookFacts, Webhooks } from '@medkit/webhooks';

/** Maximum targets with a separate warning each. */
const MAX_NAMED = 10;

/** Block `x-medkit-webhooks`, a warning for each failing target, and one while there are dead letters. */
export function webhookHealth(webhooks: Pick<Webhooks, 'facts' | 'tests'>, maxQueued: number): RuntimeHealth {
  const facts = webhooks.facts();
  // Configured receivers are reported in another block.
  const failing = facts.targets.filter(({ isFailing, receiver }) => isFailing && receiver === undefined);
  const warnings = [
    ...failing.slice(0, MAX_NAMED).map(failingWarning),
    ...(failing.length > MAX_NAMED ? [moreWarning(failing.length - MAX_NAMED)] : []),
    ...(facts.dead > 0 ? [deadWarning(facts.dead)] : []),
  ];
  return {
    warnings,
    blocks: {
      'x-medkit-webhooks': blockOf(facts),
      ...quotaBlock({
        webhook_deliveries: { figures: () => queuedFigures(facts, maxQueued) },
        webhook_tests: webhooks.tests,
      }),
    },
  };
}

/** Returns the waiting deliveries by target: a full queue drops the oldest of the target with the most. */
function queuedFigures({ targets, overflowed }: WebhookFacts, capacity: number): QuotaFigures {
  const waiting = targets.map(({ queued }) => queued).filter((queued) => queued > 0);
  return {
    held: waiting.reduce((sum, queued) => sum + queued, 0),
    capacity,
    owners: waiting.length,
    largest: Math.max(0, ...waiting),
    refused: overflowed,
    evicts: true,
  };
}

function blockOf(facts: WebhookFacts): HealthWebhooks & Record<string, unknown> {
  const { targets, delivered, failed, dead, died, overflowed, removed } = facts;
  const sum = (of: 'queued' | 'retrying') => targets.reduce((total, target) => total + target[of], 0);
  const oldestMs = Math.max(...targets.map(({ oldestMs = -1 }) => oldestMs), -1);
  return {
    targets: targets.length,
    queued: sum('queued'),
    retrying: sum('retrying'),
    dead,
    ...(oldestMs >= 0 && { oldest_age_sec: oldestMs / 1000 }),
    delivered_total: delivered,
    failed_total: failed,
    dead_total: died,
    overflowed_total: overflowed,
    removed_total: removed,
  };
}

function failingWarning({ id, origin, queued, lastError }: TargetFacts): Warning {
  return {
    code: 'webhook_target_failing',
    message: `Webhooks are not delivered to ${origin} (target ${id}), ${queued} are queued: ${lastError}`,
  };
}

function moreWarning(count: number): Warning {
  return { code: 'webhook_target_failing', message: `Webhooks are not delivered to ${count} more targets` };
}

function deadWarning(count: number): Warning {
  return {
    code: 'webhook_dead_letters',
    message: `${count} webhooks could not be delivered and are dead letters: see x-medkit-webhooks/deliveries?status=dead, then redeliver or delete them`,
  };
}
