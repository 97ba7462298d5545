import type { WebhookDelivery, WebhookTargetItem } from '@medkit/contract';
import { type DeliveryRow, originOf, type TargetFacts } from '@medkit/webhooks';

/** Returns a target as clients see it; `facts` is absent if the target has only dead letters. */
export function targetItem(
  id: number,
  origin: string,
  dead: number,
  facts: TargetFacts | undefined,
): WebhookTargetItem {
  const { queued = 0, retrying = 0, delivered = 0, failed = 0, failuresInARow = 0 } = facts ?? {};
  const { oldestMs, nextTryMs, lastError } = facts ?? {};
  return {
    id: String(id),
    origin,
    state: stateOf(facts),
    queued,
    retrying,
    dead,
    delivered_total: delivered,
    failed_total: failed,
    failures_in_a_row: failuresInARow,
    ...(oldestMs !== undefined && { oldest_age_sec: oldestMs / 1000 }),
    ...(nextTryMs !== undefined && { next_try_in_ms: nextTryMs }),
    ...(lastError !== undefined && { last_error: lastError }),
  };
}

function stateOf(facts: TargetFacts | undefined): WebhookTargetItem['state'] {
  if (facts?.isPaused) return 'paused';
  return facts && facts.retrying > 0 ? 'retrying' : 'delivering';
}

/** Returns a delivery as clients see it. */
export function deliveryItem(row: DeliveryRow): WebhookDelivery {
  const { id, targetId, url, source, type, messageId, timeMs, attempts, waitedMs, lastError, deadMs } = row;
  return {
    id: String(id),
    target: String(targetId),
    origin: originOf(url),
    status: deadMs !== undefined ? 'dead' : attempts > 0 ? 'retrying' : 'queued',
    source,
    type,
    message_id: messageId,
    time: new Date(timeMs).toISOString(),
    attempts,
    waited_sec: waitedMs / 1000,
    ...(lastError !== undefined && { last_error: lastError }),
    ...(deadMs !== undefined && { died_at: new Date(deadMs).toISOString() }),
  };
}
