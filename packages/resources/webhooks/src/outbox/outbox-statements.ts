import type { Statement } from '@medkit/store';
import type { Webhook, WebhookEvent } from '../webhook.ts';
import { buildMessage } from './build-message.ts';

/**
 * Returns statements that add a delivery to the outbox. Run them in the transaction of the event, so that both are
 * stored or neither.
 */
export function outboxStatements(webhook: Webhook, event: WebhookEvent, origin: string): readonly Statement[] {
  const target = [webhook.url, webhook.secret ?? '', JSON.stringify(webhook.headers ?? {})];
  const { messageId, body } = buildMessage(webhook, event, origin);
  return [
    {
      sql: `INSERT INTO webhook_targets (url, secret, headers) SELECT ?1, ?2, ?3
            WHERE NOT EXISTS (SELECT 1 FROM webhook_targets WHERE url = ?1 AND secret = ?2 AND headers = ?3)`,
      parameters: target,
    },
    {
      sql: `INSERT INTO webhook_deliveries (target_id, message_id, source, type, time_ms, body)
            SELECT id, ?, ?, ?, ?, ? FROM webhook_targets WHERE url = ? AND secret = ? AND headers = ?`,
      parameters: [messageId, event.source, event.type, Math.round(event.timeMs), body, ...target],
    },
  ];
}
